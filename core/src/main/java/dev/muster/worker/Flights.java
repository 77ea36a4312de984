package dev.muster.worker;

import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.web.WebHost.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Requests and events under way in a web worker. Most are over in less than a millisecond, and there may be a thousand
/// at once, so not each becomes a mark on the board: a look ten times a second marks those that last, oldest first,
/// with the deadline that they have had from their beginning.
///
/// **Threads:** [#begin] and the end of work from any; one thread of its own looks. **Lifetime:** that of the process.
/// **Failure:** while the virtual machine stands still nobody looks; then it is the heartbeat that tells.
final class Flights {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /// So long before a deadline everything under way is marked, so that the master sees whom a kill would hit.
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /// The others are for events of the post.
    private static final int MOST_MARKS = BoardSlot.MARKS - 4;

    private final BoardSlot slot;
    private final long limitNanos;
    private final Set<Flight> flights = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger marked = new AtomicInteger();
    private volatile boolean over;

    /// @param limitNanos of each, 0 for none
    Flights(BoardSlot slot, long limitNanos) {
        this.slot = slot;
        this.limitNanos = limitNanos;
    }

    /// Begins to look.
    void start() {
        Thread.ofPlatform().daemon().name("muster-flights").start(() -> {
            while (!over) {
                LockSupport.parkNanos(LOOK_NANOS);
                look();
            }
        });
    }

    /// Looks no more.
    void stop() {
        over = true;
    }

    Work begin(Supplier<String> label) {
        Flight flight = new Flight(label, System.nanoTime());
        flights.add(flight);
        return flight;
    }

    /// One look.
    void look() {
        List<Seen> all = new ArrayList<>();
        for (Flight flight : flights) {
            // Work that goes on begins anew: what was read once holds for this look.
            all.add(new Seen(flight, flight.since));
        }
        if (all.isEmpty()) {
            return;
        }
        all.sort(Comparator.comparingLong(Seen::since));
        long now = System.nanoTime();
        boolean close = limitNanos > 0 && now - all.getFirst().since() > limitNanos - CLOSE_NANOS || slot.condemned();
        for (Seen seen : all) {
            if (marked.get() >= MOST_MARKS || !close && now - seen.since() < LASTING_NANOS) {
                return;
            }
            seen.flight().mark(now);
        }
    }

    private record Seen(Flight flight, long since) {}

    private final class Flight implements Work {
        private static final int NONE = -1;

        private final Supplier<String> label;
        private volatile long since;
        // Both guarded by `this`.
        private int mark = NONE;
        private boolean ended;

        Flight(Supplier<String> label, long since) {
            this.label = label;
            this.since = since;
        }

        synchronized void mark(long now) {
            if (ended || mark != NONE) {
                return;
            }
            long left = limitNanos == 0 ? 0 : Math.max(1, since + limitNanos - now);
            int _ = marked.incrementAndGet();
            mark = slot.start(Kind.REQUEST, "request-" + numbers.incrementAndGet(), label.get(), left);
        }

        @Override
        public synchronized void extend() {
            since = System.nanoTime();
            if (!ended && mark != NONE) {
                // Others may be older than it now: the next look decides who gets a mark.
                slot.unmark(mark);
                mark = NONE;
                int _ = marked.decrementAndGet();
            }
        }

        @Override
        public void end(boolean failed) {
            flights.remove(this);
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                if (mark == NONE) {
                    slot.count(failed);
                } else {
                    slot.finish(mark, failed);
                    int _ = marked.decrementAndGet();
                }
            }
        }
    }
}
