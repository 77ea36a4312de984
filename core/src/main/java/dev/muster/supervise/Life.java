package dev.muster.supervise;

import dev.muster.ExitReason;
import org.jspecify.annotations.Nullable;

/// One process, from the decision to spawn it until it is reaped. Immutable.
///
/// @param number who it is: counts all processes of the application, from 1
/// @param generation of the code that it runs
/// @param stage what happens to it now
/// @param vitals its process id and the instants of its life
/// @param order what was ordered for it
/// @param cause why it is being killed without an order, null if it is not
/// @param bye its last words, null if it has said none
/// @param pulse what the board has shown of it
/// @param footprint what was measured of it
/// @param stall why it takes no tasks although some are ready for it, empty if it is not so
record Life(
        int number,
        int generation,
        Stage stage,
        Vitals vitals,
        Order order,
        @Nullable Condemnation cause,
        @Nullable LastWords bye,
        Pulse pulse,
        Footprint footprint,
        String stall) {

    /// What happens to a process.
    ///
    /// @param since when the state began
    /// @param deadline when the state is over, 0 if it has no end
    record Stage(SlotState state, long since, long deadline) {}

    /// The instants of its life; 0 for what has not come.
    ///
    /// @param pid its process id, 0 while unknown
    /// @param spawned when it was asked for
    /// @param ready when it had booted
    /// @param activated when it was told to take up the work of its slot
    record Vitals(long pid, long spawned, long ready, long activated) {}

    /// What was ordered for a process.
    enum Order {
        NONE,
        /// End it, and leave the slot empty.
        STOP,
        /// End it, and fill the slot again.
        RESTART,
        /// Kill it, and fill the slot again.
        KILL,
        /// End it, because a fresh process takes its place.
        RECYCLE,
        /// End it, because a process with other code takes its place.
        RELOAD
    }

    /// What a child said before its end.
    record LastWords(ExitReason reason, String detail, boolean stay) {}

    /// What the board has shown.
    ///
    /// @param beat the last beat that was seen
    /// @param missed observations since without a new one
    /// @param starved beats in a row at which a virtual thread waited for a carrier
    /// @param workDeadline the next instant at which its work is over a limit, 0 if none is known
    /// @param units the runs or tasks that it had completed
    /// @param timely the runs or tasks under way that are not over their limits
    record Pulse(long beat, int missed, int starved, long workDeadline, long units, int timely) {
        static final Pulse NONE = new Pulse(0, 0, 0, 0, 0, 0);

        Pulse withoutDeadline() {
            return new Pulse(beat, missed, starved, 0, units, timely);
        }
    }

    /// What was measured from outside.
    ///
    /// @param baseline private bytes when it had just become ready, 0 if unknown
    /// @param memory private bytes at the last measurement, 0 if unknown
    /// @param gcPercent part of one processor that its collector used since the measurement before
    /// @param gcHot measurements in a row with the collector over its limit
    record Footprint(long baseline, long memory, int gcPercent, int gcHot) {
        static final Footprint NONE = new Footprint(0, 0, 0, 0);
    }

    static Life spawned(int number, int generation, long now) {
        Stage stage = new Stage(SlotState.SPAWNING, now, 0);
        Vitals vitals = new Vitals(0, now, 0, 0);
        return new Life(number, generation, stage, vitals, Order.NONE, null, null, Pulse.NONE, Footprint.NONE, "");
    }

    SlotState state() {
        return stage.state();
    }

    long since() {
        return stage.since();
    }

    long deadline() {
        return stage.deadline();
    }

    long pid() {
        return vitals.pid();
    }

    long spawnedAt() {
        return vitals.spawned();
    }

    /// Whether it has booted.
    boolean booted() {
        return vitals.ready() != 0;
    }

    /// Whether it has been told to work: it may hold claims, and its death leaves a gap.
    boolean activated() {
        return vitals.activated() != 0;
    }

    /// Whether it is booted, or on its way there, and nobody has decided its end.
    boolean hopeful() {
        return switch (state()) {
            case SPAWNING, STARTING, BOOTING, READY, RUNNING, SUSPECT -> order == Order.NONE && cause == null;
            case STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> false;
        };
    }

    Life enter(SlotState next, long now, long until) {
        return with(new Stage(next, now, until));
    }

    Life until(long instant) {
        return with(new Stage(state(), since(), instant));
    }

    Life withPid(long pid) {
        return with(new Vitals(pid, vitals.spawned(), vitals.ready(), vitals.activated()));
    }

    Life ready(long now) {
        return with(new Vitals(vitals.pid(), vitals.spawned(), now, vitals.activated()))
                .enter(SlotState.READY, now, 0);
    }

    Life activated(long now, long until) {
        return with(new Vitals(vitals.pid(), vitals.spawned(), vitals.ready(), now))
                .until(until);
    }

    private Life with(Stage value) {
        return new Life(number, generation, value, vitals, order, cause, bye, pulse, footprint, stall);
    }

    private Life with(Vitals value) {
        return new Life(number, generation, stage, value, order, cause, bye, pulse, footprint, stall);
    }

    Life with(Order value) {
        return new Life(number, generation, stage, vitals, value, cause, bye, pulse, footprint, stall);
    }

    Life with(Condemnation value) {
        return new Life(number, generation, stage, vitals, order, value, bye, pulse, footprint, stall);
    }

    Life with(LastWords value) {
        return new Life(number, generation, stage, vitals, order, cause, value, pulse, footprint, stall);
    }

    Life with(Pulse value) {
        return new Life(number, generation, stage, vitals, order, cause, bye, value, footprint, stall);
    }

    Life with(Footprint value) {
        return new Life(number, generation, stage, vitals, order, cause, bye, pulse, value, stall);
    }

    Life stalled(String value) {
        return new Life(number, generation, stage, vitals, order, cause, bye, pulse, footprint, value);
    }
}
