package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.Verdict;

/// Everything that the supervisor can have done. Effects are performed in the order of the list.
public sealed interface Effect {
    /// Make a process for the slot, out of the code of a generation. Answered by `Spawned` or `SpawnFailed`.
    record Spawn(int slot, int life, int generation) implements Effect {}

    /// Tell the child to take up the work of this slot. Answered by `TookUp`.
    record Activate(int slot, int life) implements Effect {}

    /// Tell the child to finish its work and take up none. Answered by `Quieted`.
    record SendPause(int life) implements Effect {}

    /// Tell the child to finish its work and end.
    record SendStop(int life) implements Effect {}

    /// Send SIGTERM to the process.
    record Terminate(int life, long pid) implements Effect {}

    /// Send SIGKILL to the process and its group.
    record Kill(int life, long pid) implements Effect {}

    /// Take evidence of a hang and keep it as a file. Answered by `EvidenceTaken`.
    ///
    /// @param halted whether the process is stopped and can answer nothing
    /// @param spoken whether it has said hello; one that has not must not be sent SIGQUIT
    /// @param patient whether another process does its work already
    record TakeEvidence(int slot, int life, long pid, Condemnation why, boolean halted, boolean spoken, boolean patient)
            implements Effect {}

    /// Look at the board now. Answered by `Observed`.
    record Inspect(int life) implements Effect {}

    /// Write the death down, and have the work of the dead given back.
    ///
    /// @param kind for STUCK deaths: deadline, silent, stopped or carriers; else empty
    /// @param activated whether it was ever told to work
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
            boolean activated,
            boolean lastWords)
            implements Effect {}

    /// The application begins to stop; comes before what is told to its processes.
    record StopBegun() implements Effect {}

    /// A reload has ended.
    ///
    /// @param generation that was to be loaded
    /// @param failed the slot in which it failed, -1 if in none
    /// @param pid of the process that failed in it
    /// @param text why it failed; empty if it succeeded
    record ReloadEnded(int generation, int failed, long pid, String text) implements Effect {}

    /// Say it in the log.
    record Tell(Level level, int slot, String text) implements Effect {}

    /// End the master with this exit code.
    record Leave(ExitCode code, String why) implements Effect {}

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
