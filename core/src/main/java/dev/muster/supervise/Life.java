package dev.muster.supervise;

import dev.muster.ExitReason;
import org.jspecify.annotations.Nullable;

/// One process of a slot, from the decision to spawn it until it is reaped. Immutable.
///
/// @param number counts the processes of the slot, from 1
/// @param pid its process id, 0 while unknown
/// @param spawnedAt when it was asked for
/// @param readyAt when it became ready, 0 if it has not
/// @param order what was ordered for it
/// @param cause why it is being killed without an order, null if it is not
/// @param bye its last words, null if it has said none
/// @param pulse what the board has shown of it
record Life(
        int number,
        long pid,
        long spawnedAt,
        long readyAt,
        Order order,
        @Nullable Condemnation cause,
        @Nullable LastWords bye,
        Pulse pulse) {
    static final Life NONE = new Life(0, 0, 0, 0, Order.NONE, null, null, Pulse.NONE);

    /// What was ordered for a process.
    enum Order {
        NONE,
        /// End it, and leave the slot empty.
        STOP,
        /// End it, and fill the slot again.
        RESTART,
        /// Kill it, and fill the slot again.
        KILL
    }

    /// What a child said before its end.
    record LastWords(ExitReason reason, String detail, boolean stay) {}

    /// What the board has shown.
    ///
    /// @param beat the last beat that was seen
    /// @param missed observations since without a new one
    /// @param workDeadline the next instant at which its work is over a limit, 0 if none is known
    record Pulse(long beat, int missed, long workDeadline) {
        static final Pulse NONE = new Pulse(0, 0, 0);
    }

    Life next(long now) {
        return new Life(number + 1, 0, now, 0, Order.NONE, null, null, Pulse.NONE);
    }

    Life withPid(long value) {
        return new Life(number, value, spawnedAt, readyAt, order, cause, bye, pulse);
    }

    Life ready(long now) {
        return new Life(number, pid, spawnedAt, now, order, cause, bye, pulse);
    }

    Life with(Order value) {
        return new Life(number, pid, spawnedAt, readyAt, value, cause, bye, pulse);
    }

    Life with(Condemnation value) {
        return new Life(number, pid, spawnedAt, readyAt, order, value, bye, pulse);
    }

    Life with(LastWords value) {
        return new Life(number, pid, spawnedAt, readyAt, order, cause, value, pulse);
    }

    Life with(Pulse value) {
        return new Life(number, pid, spawnedAt, readyAt, order, cause, bye, value);
    }
}
