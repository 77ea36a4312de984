package dev.muster.supervise;

import dev.muster.ExitReason;

/// Everything that the supervisor hears. `now` is `System.nanoTime()`; `life` is the number of the process that is
/// meant, which no other ever has, so that news of one that is gone are recognised and ignored.
public sealed interface Event {
    /// The moment of the event.
    long now();

    /// The application is to be started.
    record Started(long now) implements Event {}

    /// Nothing, but time has passed.
    record Tick(long now) implements Event {}

    /// The operating system made the process.
    record Spawned(long now, int life, long pid) implements Event {}

    /// The operating system refused.
    record SpawnFailed(long now, int life, String error) implements Event {}

    /// The child has said hello with the right token.
    record Greeted(long now, int life) implements Event {}

    /// The child needs more time to boot.
    ///
    /// @param more nanoseconds from now
    record Extended(long now, int life, long more, String reason) implements Event {}

    /// The child has booted and could work.
    record BecameReady(long now, int life) implements Event {}

    /// The child has taken up the work of its slot.
    record TookUp(long now, int life) implements Event {}

    /// The child has finished its work and takes up none until it is told to.
    record Quieted(long now, int life) implements Event {}

    /// The child takes up no more work, and ends when its present work has ended.
    record Retiring(long now, int life, String reason) implements Event {}

    /// The child takes no tasks although some are ready for it, and cannot mend that; or it takes them again.
    ///
    /// @param reason empty when it is over
    record Stalled(long now, int life, String reason) implements Event {}

    /// The child has said why it is about to end.
    record SaidBye(long now, int life, ExitReason reason, String detail, boolean stay) implements Event {}

    /// The child broke the control protocol.
    record BrokeProtocol(long now, int life, String why) implements Event {}

    /// The control connection of the child has ended.
    record LostControl(long now, int life) implements Event {}

    /// What the board shows of the child.
    ///
    /// @param beat its beat counter
    /// @param deadline the earliest instant at which it is over a limit, 0 if it has none
    /// @param deadlineId the task whose limit that is, empty for a run or for silence
    /// @param halted whether the process is stopped by a signal; looked up only while the beat stands still
    /// @param starvedSince since when a virtual thread waits for a carrier, 0 if none does
    /// @param units the runs or tasks that it has completed
    /// @param timely the runs or tasks that it has begun and not settled, and that are not over their limits
    record Observed(
            long now,
            int life,
            long beat,
            long deadline,
            String deadlineId,
            boolean halted,
            long starvedSince,
            long units,
            int timely)
            implements Event {}

    /// What was measured of the process from outside.
    ///
    /// @param memory its private bytes, 0 if unknown
    /// @param gcPercent part of one processor that its collector used since the measurement before
    record Measured(long now, int life, long memory, int gcPercent) implements Event {}

    /// The evidence of a hang was taken, as far as that was possible.
    record EvidenceTaken(long now, int life) implements Event {}

    /// The process does not run any more. It is collected next, when what it printed was read; then `Exited` comes.
    record Died(long now, int life) implements Event {}

    /// The process has ended and was reaped.
    ///
    /// @param code its exit code, -1 if a signal ended it
    /// @param signal the signal that ended it, 0 if none
    /// @param unitsDone the runs or tasks that it had completed
    /// @param outOfMemory whether it ended for want of memory, as the virtual machine or the kernel says
    record Exited(long now, int life, int code, int signal, long unitsDone, boolean outOfMemory) implements Event {}

    /// Ordered: end the application; at once if `fast`.
    record StopAll(long now, boolean fast) implements Event {}

    /// Ordered: end the slot's process and leave the slot empty.
    record StopSlot(long now, int slot) implements Event {}

    /// Ordered: end the slot's process and fill the slot again; fill it if it is empty.
    record RestartSlot(long now, int slot) implements Event {}

    /// Ordered: kill the slot's process; its slot is filled again.
    record KillSlot(long now, int slot) implements Event {}

    /// A slot has this specification from now on; a new one is added when its number is the next free one.
    record Specified(long now, ChildSpec spec) implements Event {}

    /// Ordered: so many slots of the group are to be filled, those with the lowest numbers.
    record Scaled(long now, String group, int instances) implements Event {}

    /// Ordered: the processes of the group take up no work, or do so again.
    record PauseSet(long now, String group, boolean paused) implements Event {}

    /// Ordered: replace the processes of a role or a group by processes of another generation of the code.
    ///
    /// @param generation the number of the new code, above all before
    /// @param scope the word for a role or the name of a group; empty for all
    record Reload(long now, int generation, String scope) implements Event {}
}
