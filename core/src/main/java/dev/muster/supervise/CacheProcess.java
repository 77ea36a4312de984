package dev.muster.supervise;

import dev.muster.os.Exec;
import dev.muster.os.Exit;
import dev.muster.os.ParentDeath;
import dev.muster.os.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Turns into the virtual machine that makes a cache, after seeing to it that this one never harms the application: it
/// dies with the master, gets the processor when nobody else wants it, and is the first to go when memory runs out.
/// What is to be added to the list of classes is read here, and not in the master, which has no memory to spare for it.
///
/// **Lifetime:** a moment; [Exec] keeps all three.
final class CacheProcess {
    private static final int LAST = 19;

    private CacheProcess() {}

    /// @param arguments the pid of the master; a list of classes to add the call sites to, empty for none; the
    ///     class path of these; then the command to become
    public static void main(String[] arguments) throws IOException {
        Priority.set(LAST);
        if (!ParentDeath.dieWith(Long.parseLong(arguments[0]))) {
            Exit.now(1);
        }
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException _) {
            // Where the system does not allow it, nothing is lost but the order.
        }
        if (!arguments[1].isEmpty()) {
            try (CallSites sites = CallSites.in(arguments[2])) {
                int _ = sites.addTo(Path.of(arguments[1]));
            }
        }
        List<String> command = List.of(arguments).subList(3, arguments.length);
        Exec.replace(Path.of(command.getFirst()), command, System.getenv());
    }
}
