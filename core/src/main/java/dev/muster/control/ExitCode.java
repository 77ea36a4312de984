package dev.muster.control;

/// What the exit codes of `muster` mean; `docs/operate/exit-codes.md` is the same list for people.
///
/// Those from 65 on are the master's. `run`, `demo` and `check` end with them also when the command line finds the
/// error before there is a master.
public enum ExitCode {
    /// Done, and true.
    DONE(0),
    /// The operation failed.
    FAILED(1),
    /// The command line could not be understood.
    USAGE(2),
    /// There is no running application to ask.
    NOT_RUNNING(3),
    /// The application belongs to somebody else.
    NO_PERMISSION(4),
    /// It runs, but not as it should.
    DEGRADED(5),
    /// The time to wait is over; the operation goes on.
    TIMED_OUT(6),
    /// The running master speaks another version of the protocol.
    VERSION_MISMATCH(7),
    /// No process of the application could boot.
    NOTHING_BOOTED(65),
    /// The run directory belongs to a master that is alive.
    ALREADY_RUNNING(69),
    /// An error of Muster itself.
    INTERNAL(70),
    /// The operating system refused a resource.
    SYSTEM_RESOURCE(71),
    /// A directory cannot be written.
    CANNOT_WRITE(73),
    /// The operating system refused a permission.
    PERMISSION(77),
    /// The application, its declarations or its configuration are wrong.
    CONFIGURATION(78),
    /// Ended at once by the third interrupt.
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /// The number that the process ends with.
    public int number() {
        return number;
    }
}
