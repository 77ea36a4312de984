package dev.muster.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// How readily the kernel kills this process when the machine has no memory left; `proc_pid_oom_score_adj(5)`.
///
/// **Threads:** any; it holds for the process. **Lifetime:** processes that are started later inherit it.
public final class OomScore {
    private static final Path OWN = Path.of("/proc/self/oom_score_adj");
    private static final int HIGHEST = 1000;

    private OomScore() {}

    /// Makes this process a likelier victim than its parent; that needs no privilege.
    ///
    /// @param by how much, in the kernel's units; the sum is at most 1000
    /// @return the new value
    /// @throws IOException where `/proc` does not let it be written
    public static int raise(int by) throws IOException {
        int now = Integer.parseInt(Files.readString(OWN).strip());
        int raised = Math.min(HIGHEST, now + by);
        if (raised > now) {
            Files.writeString(OWN, Integer.toString(raised), StandardOpenOption.WRITE);
        }
        return Math.max(now, raised);
    }
}
