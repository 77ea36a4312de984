package dev.muster.os;

/// How a process ended: by itself with a code, or by a signal.
///
/// @param code its exit code, 0 to 255, or -1 if a signal ended it or nobody knows
/// @param signal the signal that ended it, or 0 if it ended by itself or nobody knows
public record ExitStatus(int code, int signal) {
    /// Somebody else has collected it.
    public static final ExitStatus UNKNOWN = new ExitStatus(-1, 0);

    /// Checks that exactly one of the two is given, or neither.
    public ExitStatus {
        boolean unknown = code == -1 && signal == 0;
        boolean exited = signal == 0 && code >= 0 && code <= 255;
        boolean killed = signal > 0 && signal <= Signals.LAST && code == -1;
        if (!unknown && !exited && !killed) {
            throw new IllegalArgumentException("no exit status: code " + code + ", signal " + signal
                    + "; give a code of 0 to 255 with signal 0, or code -1 with a signal");
        }
    }

    /// True if a signal ended it.
    public boolean signaled() {
        return signal != 0;
    }

    /// Takes apart what `waitpid(2)` reported about a process that has ended.
    public static ExitStatus ofWait(int waitStatus) {
        int signal = waitStatus & 0x7f;
        return signal == 0 ? new ExitStatus(waitStatus >> 8 & 0xff, 0) : new ExitStatus(-1, signal);
    }

    /// For people: `exit code 3`, `SIGKILL` or `exit status unknown`.
    @Override
    public String toString() {
        return equals(UNKNOWN) ? "exit status unknown" : signaled() ? Signals.name(signal) : "exit code " + code;
    }
}
