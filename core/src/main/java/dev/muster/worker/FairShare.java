package dev.muster.worker;

import dev.muster.board.BoardSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Spreads connections over the web workers. The kernel wakes all that accept, and the first may take a whole burst
/// before another has come to run; so whoever has clearly more than the one with the fewest leaves the next to that
/// one, for a moment. One that does not take it in this time is frozen or busy, and nobody waits for it again for as
/// long, then for twice as long, and at last for a second, or until its number of connections has changed.
///
/// **Threads:** one, that which accepts. **Failure:** a worker that has died or is frozen costs its siblings six such
/// moments in the first second and one in each that follows, until the master has seen it.
final class FairShare {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /// Whoever has more than the fewest by this part of them leaves the next.
    private static final int TOLERANCE = 8;

    private final BoardSlot own;
    private final IntSupplier count;
    private final IntFunction<BoardSlot> seats;
    private final LongSupplier clock;
    private final Map<BoardSlot, Given> given = new HashMap<>();
    private List<BoardSlot> others = List.of();
    private @Nullable Seen awaited;
    private long since;
    private long looked;

    /// What a worker showed.
    private record Seen(BoardSlot slot, int life, int connections) {
        static Seen of(BoardSlot slot) {
            return new Seen(slot, slot.life(), slot.connections());
        }
    }

    /// Who has not come in time.
    ///
    /// @param until when nobody waits for it
    /// @param pause how long that is, for the next one
    private record Given(Seen seen, long until, long pause) {}

    /// @param own of this process
    /// @param count of the seats of the board
    /// @param clock nanoseconds
    FairShare(BoardSlot own, IntSupplier count, IntFunction<BoardSlot> seats, LongSupplier clock) {
        this.own = own;
        this.count = count;
        this.seats = seats;
        this.clock = clock;
        this.looked = clock.getAsLong() - LOOK_NANOS;
    }

    /// That of a worker that has no siblings.
    static FairShare alone(BoardSlot own) {
        return new FairShare(own, () -> 0, _ -> own, System::nanoTime);
    }

    /// Whether to leave the connection that waits to another worker. To be asked again soon: it may be left for no
    /// longer than 20 ms.
    boolean leavesNext() {
        long now = clock.getAsLong();
        if (now - looked >= LOOK_NANOS) {
            looked = now;
            look();
        }
        Seen fewest = fewest(now);
        if (fewest == null || own.connections() <= fewest.connections + fewest.connections / TOLERANCE) {
            awaited = null;
            return false;
        }
        if (!fewest.equals(awaited)) {
            awaited = fewest;
            since = now;
        }
        if (now - since < PATIENCE_NANOS) {
            return true;
        }
        give(fewest, now);
        awaited = null;
        return false;
    }

    private void give(Seen seen, long now) {
        Given before = before(seen);
        long pause = before == null ? PATIENCE_NANOS : Math.min(2 * before.pause, LONGEST_PAUSE_NANOS);
        given.put(seen.slot, new Given(seen, now + pause, pause));
    }

    /// That it has not come in time and has not moved since.
    private @Nullable Given before(Seen seen) {
        Given last = given.get(seen.slot);
        return last != null && last.seen.equals(seen) ? last : null;
    }

    private void look() {
        List<BoardSlot> found = new ArrayList<>();
        for (int seat = 0; seat < count.getAsInt(); seat++) {
            BoardSlot slot = seats.apply(seat);
            if (slot != own && slot.accepts()) {
                found.add(slot);
            }
        }
        others = found;
        given.keySet().retainAll(found);
    }

    /// Among those for which it is worth to wait.
    private @Nullable Seen fewest(long now) {
        Seen fewest = null;
        for (BoardSlot slot : others) {
            Seen seen = Seen.of(slot);
            Given before = before(seen);
            boolean hopeless = before != null && now - before.until < 0;
            if (slot.accepts() && !hopeless && (fewest == null || seen.connections < fewest.connections)) {
                fewest = seen;
            }
        }
        return fewest;
    }
}
