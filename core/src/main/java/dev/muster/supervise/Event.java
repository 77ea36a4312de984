package dev.muster.supervise;

import dev.muster.ExitReason;

/// Everything that the supervisor hears. `now` is `System.nanoTime()`; `life` says which process of the slot is meant,
/// so that news of an earlier one are recognised and ignored.
public sealed interface Event {
    /// The moment of the event.
    long now();

    /// The application is to be started.
    record Started(long now) implements Event {}

    /// Nothing, but time has passed.
    record Tick(long now) implements Event {}

    /// The operating system made the process.
    record Spawned(long now, int slot, int life, long pid) implements Event {}

    /// The operating system refused.
    record SpawnFailed(long now, int slot, int life, String error) implements Event {}

    /// The child has said hello with the right token.
    record Greeted(long now, int slot, int life) implements Event {}

    /// The child is ready for work.
    record BecameReady(long now, int slot, int life) implements Event {}

    /// The child has said why it is about to end.
    record SaidBye(long now, int slot, int life, ExitReason reason, String detail, boolean stay) implements Event {}

    /// The child broke the control protocol.
    record BrokeProtocol(long now, int slot, int life, String why) implements Event {}

    /// The control connection of the child has ended.
    record LostControl(long now, int slot, int life) implements Event {}

    /// What the board shows of the child.
    ///
    /// @param beat its beat counter
    /// @param deadline the earliest instant at which it is over a limit, 0 if it has none
    /// @param deadlineId the task whose limit that is, empty for a run or for silence
    /// @param halted whether the process is stopped by a signal; looked up only while the beat stands still
    record Observed(long now, int slot, int life, long beat, long deadline, String deadlineId, boolean halted)
            implements Event {}

    /// The evidence of a hang was taken, as far as that was possible.
    record EvidenceTaken(long now, int slot, int life) implements Event {}

    /// The process has ended and was reaped.
    ///
    /// @param code its exit code, -1 if a signal ended it
    /// @param signal the signal that ended it, 0 if none
    /// @param unitsDone the runs or tasks that it had completed
    /// @param outOfMemory whether the virtual machine said that it ends for want of memory
    record Exited(long now, int slot, int life, int code, int signal, long unitsDone, boolean outOfMemory)
            implements Event {}

    /// Ordered: end the application; at once if `fast`.
    record StopAll(long now, boolean fast) implements Event {}

    /// Ordered: end the slot's process and leave the slot empty.
    record StopSlot(long now, int slot) implements Event {}

    /// Ordered: end the slot's process and fill the slot again; fill it if it is empty.
    record RestartSlot(long now, int slot) implements Event {}

    /// Ordered: kill the slot's process; its slot is filled again.
    record KillSlot(long now, int slot) implements Event {}
}
