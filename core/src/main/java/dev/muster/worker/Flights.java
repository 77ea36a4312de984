package dev.muster.worker;

import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.web.WebHost.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests and events under way in a web worker. Most are over in less than a millisecond, and there may be a thousand
/// at once, so not each becomes a mark on the board: a look ten times a second marks those that last, oldest first,
/// with the deadline that they have had from their beginning.
///
/// They stand in a line in the order in which they began, so that a look sees the oldest and stops at the first that is
/// young, and beginning and end cost no more than a link.
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
    private final Object line = new Object();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger marked = new AtomicInteger();
    // Both guarded by `line`.
    private @Nullable Flight oldest;
    private @Nullable Flight youngest;
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
        Flight flight = new Flight(label);
        synchronized (line) {
            flight.since = System.nanoTime();
            append(flight);
        }
        return flight;
    }

    /// One look.
    void look() {
        long now = System.nanoTime();
        List<Flight> lasting = new ArrayList<>();
        synchronized (line) {
            Flight first = oldest;
            if (first == null) {
                return;
            }
            boolean close = limitNanos > 0 && now - first.since > limitNanos - CLOSE_NANOS || slot.condemned();
            for (Flight flight = first;
                    flight != null && (close || now - flight.since >= LASTING_NANOS) && lasting.size() < MOST_MARKS;
                    flight = flight.younger) {
                lasting.add(flight);
            }
        }
        for (Flight flight : lasting) {
            if (marked.get() >= MOST_MARKS) {
                return;
            }
            flight.mark(now);
        }
    }

    /// With `line` held.
    private void append(Flight flight) {
        Flight last = youngest;
        flight.older = last;
        flight.younger = null;
        youngest = flight;
        if (last == null) {
            oldest = flight;
        } else {
            last.younger = flight;
        }
    }

    /// With `line` held.
    private void remove(Flight flight) {
        Flight before = flight.older;
        Flight after = flight.younger;
        if (before == null) {
            oldest = after;
        } else {
            before.younger = after;
        }
        if (after == null) {
            youngest = before;
        } else {
            after.older = before;
        }
    }

    private final class Flight implements Work {
        private static final int NONE = -1;

        private final Supplier<String> label;
        // All guarded by `line`.
        private @Nullable Flight older;
        private @Nullable Flight younger;
        private long since;
        private boolean landed;
        // All guarded by `this`, which is taken first where both are.
        private int mark = NONE;
        private boolean ended;

        Flight(Supplier<String> label) {
            this.label = label;
        }

        private long since() {
            synchronized (line) {
                return since;
            }
        }

        synchronized void mark(long now) {
            if (ended || mark != NONE) {
                return;
            }
            long left = limitNanos == 0 ? 0 : Math.max(1, since() + limitNanos - now);
            int _ = marked.incrementAndGet();
            mark = slot.start(Kind.REQUEST, "request-" + numbers.incrementAndGet(), label.get(), left);
        }

        @Override
        public synchronized void extend() {
            synchronized (line) {
                since = System.nanoTime();
                if (!landed) {
                    remove(this);
                    append(this);
                }
            }
            if (!ended && mark != NONE) {
                // Others may be older than it now: the next look decides who gets a mark.
                slot.unmark(mark);
                mark = NONE;
                int _ = marked.decrementAndGet();
            }
        }

        @Override
        public void end(boolean failed) {
            synchronized (line) {
                if (!landed) {
                    landed = true;
                    remove(this);
                }
            }
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
