package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.control.Message.Verdict;

/// Everything that the supervisor can have done. Effects are performed in the order of the list.
public sealed interface Effect {
    /// Make a process for the slot. Answered by `Spawned` or `SpawnFailed`.
    record Spawn(int slot, int life) implements Effect {}

    /// Tell the child to finish its work and end.
    record SendStop(int slot, int life) implements Effect {}

    /// Send SIGTERM to the process.
    record Terminate(int slot, int life, long pid) implements Effect {}

    /// Send SIGKILL to the process and its group.
    record Kill(int slot, int life, long pid) implements Effect {}

    /// Take evidence of a hang and keep it as a file. Answered by `EvidenceTaken`.
    ///
    /// @param halted whether the process is stopped and can answer nothing
    /// @param spoken whether it has said hello; one that has not must not be sent SIGQUIT
    record TakeEvidence(int slot, int life, long pid, Condemnation why, boolean halted, boolean spoken)
            implements Effect {}

    /// Look at the board now. Answered by `Observed`.
    record Inspect(int slot, int life) implements Effect {}

    /// Write the death down, and have the work of the dead given back.
    ///
    /// @param kind for STUCK deaths: deadline, silent or stopped; else empty
    /// @param wasReady whether it was ever ready for work
    /// @param lastWords whether the child had said why; it has then run its own `exiting`
    record Bury(
            int slot,
            int life,
            long pid,
            ExitReason reason,
            String kind,
            int code,
            int signal,
            long uptimeNanos,
            String detail,
            Verdict verdict,
            String guilty,
            boolean wasReady,
            boolean lastWords)
            implements Effect {}

    /// Say it in the log.
    record Tell(Level level, int slot, String text) implements Effect {}

    /// End the master with this exit code.
    record Leave(int exitCode, String why) implements Effect {}

    /// How loud something is said.
    enum Level {
        /// For the record.
        INFO,
        /// Something is wrong and is being dealt with.
        WARN,
        /// Somebody should look.
        ALARM
    }
}
