package dev.muster;

/// The end of a process that nobody had ordered, as [ServerListener#onWorkerError] is told it.
///
/// @param slot its slot
/// @param role what it was for: a web worker, task worker, pool worker or user process
/// @param name its name, with `#N` where there are several instances
/// @param pid its process id; 0 if it could not even be started
/// @param reason why it ended
/// @param code its exit code, -1 if a signal ended it
/// @param signal the signal that ended it, 0 if none did
public record WorkerFailure(int slot, Role role, String name, long pid, ExitReason reason, int code, int signal) {
    /// Whether an end for this reason is one: it was not ordered, and not in order.
    public static boolean is(ExitReason reason) {
        return reason != ExitReason.CLEAN && reason != ExitReason.REQUESTED && reason != ExitReason.RECYCLE;
    }
}
