package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Leaking;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a process has started ends with it, however it has hidden; what its neighbours have started does not.
@Timeout(120)
@Tag("long")
class LeftBehindTest {
    private static final List<String> NAMES = List.of("Session", "Daemon", "Cleared", "Group");
    private static final long A_MOMENT_NANOS = 10_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void itEndsWithTheProcessThatStartedIt() throws IOException {
        try (RunningApp app =
                RunningApp.of(Leaking.class, directory).packed(Ledger.class).start()) {
            for (String name : NAMES) {
                awaitTwo(app, name);
            }
            // A stranger, whose ways nobody knows.
            Process stranger = new ProcessBuilder("setsid", "sleep", Leaking.seconds(0)).start();
            try {
                assertKilledAlone(app, "Session");
                assertKilledAlone(app, "Daemon");
                assertKilledAlone(app, "Cleared");
                assertKilledAlone(app, "Group");
                assertThat(stranger.isAlive()).isTrue();
            } finally {
                stranger.destroyForcibly();
            }
            app.awaitOutput("Session: process ");
            assertThat(app.output())
                    .containsPattern("Daemon: process \\d+ had left 1 process running \\(sleep\\); killed");

            // Ordered.
            long session = app.pid("Session");
            assertThat(app.command("restart", Map.of("slot", "Session")).exitCode())
                    .isZero();
            assertThat(Leaking.sleeping(session)).isZero();

            // By itself.
            long daemon = app.pid("Daemon");
            Path order = Files.createFile(directory.resolve("daemon leaves"));
            awaitDeathOf(app, daemon);
            assertThat(Leaking.sleeping(daemon)).isZero();
            Files.delete(order);

            long cleared = app.pid("Cleared");
            assertThat(app.stop()).isZero();
            assertThat(Leaking.sleeping(cleared)).isZero();
        }
    }

    private static void awaitTwo(RunningApp app, String name) {
        Patience.await("the two of " + name).until(() -> Leaking.sleeping(app.pid(name)) == 2);
    }

    private static void awaitDeathOf(RunningApp app, long pid) {
        Patience.await("the death of " + pid)
                .until(() ->
                        app.deaths().stream().anyMatch(death -> death.get("pid").asLong() == pid));
    }

    private static void assertKilledAlone(RunningApp app, String name) {
        List<Long> others = NAMES.stream()
                .filter(other -> !other.equals(name))
                .map(app::pid)
                .toList();
        long start = System.nanoTime();
        long pid = app.kill9(name);
        awaitDeathOf(app, pid);
        assertThat(System.nanoTime() - start)
                .as("an open standard output holds up nobody")
                .isLessThan(A_MOMENT_NANOS);
        assertThat(Leaking.sleeping(pid)).as("left by %s", name).isZero();
        assertThat(others)
                .allSatisfy(other -> assertThat(Leaking.sleeping(other)).isEqualTo(2));
        app.awaitReplaced(name, pid);
        awaitTwo(app, name);
    }
}
