package dev.muster.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// The Java runtime that children are started from, as it was when the master started: an upgrade may remove or replace
/// it while the application runs.
///
/// **Threads:** any. **Failure:** a file that cannot be looked at counts as gone.
final class JavaHome {
    private static final List<String> ESSENTIAL = List.of("bin/java", "lib/server/libjvm.so", "lib/modules");

    private final Path home;
    private final List<String> before;

    private JavaHome(Path home) {
        this.home = home;
        this.before = look(home);
    }

    /// That of this process.
    static JavaHome ofThisProcess() {
        return new JavaHome(Path.of(System.getProperty("java.home")));
    }

    /// Why no process could be made, with what became of the runtime if that may be the reason.
    String explain(Throwable failure) {
        List<String> now = look(home);
        if (now.equals(before)) {
            return failure.toString();
        }
        return failure + "; the Java runtime " + home + " was " + (now.contains("") ? "removed" : "replaced")
                + " since this application started: what runs goes on, but new processes need the runtime that was"
                + " there; restart the application";
    }

    private static List<String> look(Path home) {
        List<String> files = new ArrayList<>();
        for (String name : ESSENTIAL) {
            try {
                BasicFileAttributes file = Files.readAttributes(home.resolve(name), BasicFileAttributes.class);
                files.add(file.fileKey() + " " + file.size() + " " + file.lastModifiedTime());
            } catch (IOException _) {
                files.add("");
            }
        }
        return files;
    }
}
