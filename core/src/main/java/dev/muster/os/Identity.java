package dev.muster.os;

import java.util.Optional;

/// One process and not its successor with the same pid: the pid together with the time when it started.
///
/// @param pid the process id
/// @param startTime when it started, in hundredths of a second since the machine started; where there is no `/proc`,
///     since 1970
public record Identity(long pid, long startTime) {
    /// This process.
    public static Identity self() {
        return of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException(
                        "cannot find out when this process started; if this is Linux, mount /proc"));
    }

    /// The process that has this pid now, a zombie included; empty if there is none.
    public static Optional<Identity> of(long pid) {
        return ProcFs.stat(pid).map(stat -> new Identity(pid, stat.startTime()));
    }

    /// True if this very process still runs. A zombie, which runs no code any more, is not alive; a stopped process
    /// is.
    public boolean alive() {
        return ProcFs.stat(pid)
                .filter(stat -> stat.startTime() == startTime && !stat.zombie())
                .isPresent();
    }

    /// True if no instruction of this very process will run any more, whether it was collected or not. Other than
    /// `!alive()` it is false while the first thread has ended and others are still on their way out, and while it
    /// cannot be found out, for want of descriptors.
    public boolean ended() {
        Optional<ProcStat> stat = ProcFs.stat(pid);
        if (stat.isEmpty()) {
            return !ProcFs.exists(pid);
        }
        ProcStat found = stat.get();
        return found.startTime() != startTime || found.zombie() && found.threads() <= 1;
    }
}
