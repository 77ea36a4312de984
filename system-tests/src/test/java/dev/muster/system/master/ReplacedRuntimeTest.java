package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The Java runtime is taken away, as an upgrade does, while the application runs.
@Timeout(180)
class ReplacedRuntimeTest {
    /// Large, and not looked for by its real place.
    private static final List<String> LINKED =
            List.of("lib/modules", "lib/src.zip", "jmods", "include", "legal", "man");

    @TempDir
    Path directory;

    @Test
    void whatRunsGoesOnAndNewProcessesSayWhatIsWrong() throws IOException {
        Path runtime = directory.resolve("jdk");
        copy(Path.of(System.getProperty("java.home")), runtime, "");
        try (RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .java(runtime.resolve("bin/java"))
                .start()) {
            long neighbour = app.pid("Neighbour");
            Path away = Files.move(runtime, directory.resolve("jdk-old"));
            long ticker = app.kill9("Ticker");

            JsonNode refused = app.awaitDeath("Ticker", 2);
            assertThat(refused.get("reason").asString()).isEqualTo("SPAWN_FAILED");
            assertThat(refused.get("detail").asString())
                    .contains("No such file or directory")
                    .contains("the Java runtime " + runtime + " was removed since this application started")
                    .contains("restart the application");
            int before = Ledger.texts(directory, "neighbour").size();
            Patience.await("the neighbour goes on")
                    .until(() -> Ledger.texts(directory, "neighbour").size() > before + 5);
            assertThat(app.pid("Neighbour")).isEqualTo(neighbour);

            Path _ = Files.move(away, runtime);
            app.awaitReplaced("Ticker", ticker);
        }
    }

    private static void copy(Path from, Path to, String name) throws IOException {
        if (LINKED.contains(name)) {
            Path _ = Files.createSymbolicLink(to, from.toRealPath());
        } else if (Files.isDirectory(from)) {
            Path _ = Files.createDirectory(to);
            try (Stream<Path> entries = Files.list(from)) {
                for (Path entry : entries.toList()) {
                    String file = entry.getFileName().toString();
                    copy(entry, to.resolve(file), name.isEmpty() ? file : name + "/" + file);
                }
            }
        } else {
            Path _ = Files.copy(from.toRealPath(), to);
        }
    }
}
