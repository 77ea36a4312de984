package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.NativeException;
import dev.muster.os.OpenFiles;

/// The file descriptors that a master cannot do without. They are counted before anything is made: where they run out
/// later, what cannot be opened is taken for what is not there, each time for something else.
///
/// **Threads:** any. **Failure:** what the count has not foreseen is refused by the system, and the start is undone.
final class DescriptorNeed {
    /// 11 that a master keeps (locks, board, log, control socket, what its threads wait with), 16 in reserve so
    /// that commands are answered when there are no more, and 9 to spawn one process and to keep 4 of them.
    static final int LEAST = 36;

    private DescriptorNeed() {}

    /// Looks whether there are as many.
    ///
    /// @throws StartException if not
    static void check() {
        int room = OpenFiles.room(LEAST);
        if (room < LEAST) {
            long limit = OpenFiles.limit();
            throw new StartException(
                    ExitCode.SYSTEM_RESOURCE,
                    "too few file descriptors: " + limit(limit) + ", which leaves " + room + " where a master needs "
                            + LEAST + " to start, and 4 more for each process beyond the first; set it to "
                            + (limit + LEAST - room) + " at least (ulimit -n; LimitNOFILE= in a unit of systemd;"
                            + " --ulimit nofile= of a container), then start again");
        }
    }

    /// What the system has refused to a start in spite of that.
    static StartException refused(NativeException e) {
        return new StartException(
                ExitCode.SYSTEM_RESOURCE,
                "the system refuses what a master needs to start: " + e.getMessage() + "; " + limit(OpenFiles.limit())
                        + "; raise the limit that was reached, or end what has used it up, then start again");
    }

    private static String limit(long limit) {
        return "the limit of open files (ulimit -n) is " + (limit > 0 ? Long.toString(limit) : "not known");
    }
}
