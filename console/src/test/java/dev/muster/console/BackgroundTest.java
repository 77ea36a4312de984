package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a process in the background holds and inherits, and what becomes of it when its output has no place.
@Timeout(60)
class BackgroundTest {
    @TempDir
    Path dir;

    private Settings settings() {
        return Settings.of(Map.of(
                "app.name",
                "Shop",
                "run.dir",
                dir.resolve("run").toString(),
                "data.dir",
                dir.resolve("data").toString(),
                "log.dir",
                dir.resolve("log").toString()));
    }

    private static MasterCommand command(Map<String, String> environment, String script) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("PATH", System.getenv("PATH"));
        return new MasterCommand(Path.of("/bin/sh"), List.of("sh", "-c", script), all);
    }

    private Background start(MasterCommand command) {
        return Background.start(command, settings(), dir);
    }

    @Test
    void anOutputThatCannotBeWrittenIsExitCode73() throws IOException {
        Files.createDirectories(dir.resolve("log/Shop.out"));

        assertThatThrownBy(() -> start(command(Map.of(), "exit 0")))
                .hasMessageContaining("log/Shop.out")
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .extracting(Refusal::exitCode)
                .isEqualTo(73);
    }

    @Test
    void aLogDirectoryThatCannotBeMadeIsExitCode73() throws IOException {
        Files.writeString(dir.resolve("log"), "a file");

        assertThatThrownBy(() -> start(command(Map.of(), "exit 0")))
                .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                .extracting(Refusal::exitCode)
                .isEqualTo(73);
    }

    @Test
    void theCodeOfAMasterThatEndsIsThatOfTheCommand() {
        for (int code : List.of(65, 69, 73, 78)) {
            Background master = start(command(Map.of(), "echo said " + code + "; exit " + code));

            assertThatThrownBy(() -> master.awaitReady(_ -> {}))
                    .hasMessageContaining("said " + code)
                    .asInstanceOf(InstanceOfAssertFactories.type(Refusal.class))
                    .extracting(Refusal::exitCode)
                    .isEqualTo(code);
        }
    }

    @Test
    void nothingOfTheCallerIsHeldAndItsServiceManagerIsNotInherited() throws IOException {
        Background master = start(command(
                Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "1", "KEPT", "yes"),
                "exec sleep 60"));
        try {
            Path process = Path.of("/proc", Integer.toString(master.pid()));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(process.resolve("cmdline")).startsWith("sleep"));
            assertThat(Files.readString(process.resolve("environ")))
                    .contains("KEPT=yes")
                    .doesNotContain("NOTIFY_SOCKET", "WATCHDOG_");
            Map<String, String> open = new TreeMap<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path file : files) {
                    open.put(
                            file.getFileName().toString(),
                            Files.readSymbolicLink(file).toString());
                }
            }
            String output = dir.resolve("log/Shop.out").toRealPath().toString();
            assertThat(open).isEqualTo(Map.of("0", "/dev/null", "1", output, "2", output));
        } finally {
            assertThat(master.stop(Duration.ofSeconds(20)).signaled()).isTrue();
        }
    }
}
