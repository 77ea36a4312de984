package dev.muster.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the demo keeps what is its own, beside the queue: the users and the counters of [Flaky].
final class DemoData {
    private DemoData() {}

    /// The directory that MUSTER_DATA_DIR names, else one in the temporary directory; it exists.
    static Path directory() throws IOException {
        String named = System.getenv("MUSTER_DATA_DIR");
        Path directory = named != null
                ? Path.of(named)
                : Path.of(System.getProperty("java.io.tmpdir"), "muster-demo-" + System.getProperty("user.name"));
        return Files.createDirectories(directory);
    }
}
