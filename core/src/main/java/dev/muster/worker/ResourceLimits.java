package dev.muster.worker;

import dev.muster.config.Resources;
import dev.muster.os.Affinity;
import dev.muster.os.OomScore;
import dev.muster.os.OpenFiles;
import dev.muster.os.Priority;
import java.io.IOException;

/// Puts this process under the limits of its role, all its threads included, before user code runs; threads and
/// processes that are started later inherit them. What needs a control group the master does from outside.
///
/// **Failure:** a limit that cannot be set ends the boot: a process that quietly has none is worse than one that does
/// not start.
final class ResourceLimits {
    /// The kernel takes a child before the master, which can replace the child.
    private static final int LIKELIER_VICTIM = 300;

    private ResourceLimits() {}

    static void apply(Resources resources) {
        try {
            int _ = OomScore.raise(LIKELIER_VICTIM);
        } catch (IOException _) {
            // Not writable in some sandboxes: the kernel then chooses by size alone.
        }
        if (resources.openFiles() > 0) {
            OpenFiles.limit(resources.openFiles());
        }
        if (!resources.cpus().isEmpty()) {
            Affinity.set(resources.cpus().stream().mapToInt(Integer::intValue).toArray());
        }
        resources.nice().ifPresent(Priority::set);
    }
}
