package dev.muster;

/// Why a process ended, in the words of `muster deaths`. The exit code or the signal stands beside it.
public enum ExitReason {
    /// It returned by itself with exit code 0.
    CLEAN,
    /// Somebody ordered it: a command, `Server.stop`, or the end of the application.
    REQUESTED,
    /// It was replaced because of its age, count of tasks or memory.
    RECYCLE,
    /// It ended, or hung, before it was ready.
    BOOT_FAIL,
    /// It refused its configuration (exit code 78).
    CONFIG,
    /// A heap, direct memory or thread limit was reached.
    OOM,
    /// The virtual machine itself crashed: a fault in native code.
    CRASH,
    /// It hung and was killed: a deadline passed, or it stopped beating.
    STUCK,
    /// It broke the control protocol.
    BAD_MESSAGE,
    /// Its master died, and it ended itself.
    MASTER_LOST,
    /// The operating system refused to start it.
    SPAWN_FAILED,
    /// It ended with an exit code other than 0.
    ERROR,
    /// A signal from outside ended it.
    SIGNAL
}
