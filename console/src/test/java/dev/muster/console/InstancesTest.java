package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which run directory is meant. What runs is played by locks that this process holds.
@Timeout(10)
class InstancesTest {
    @TempDir
    Path directory;

    private Path parent;
    private Instances instances;
    private final List<RunLock> locks = new ArrayList<>();

    @BeforeEach
    void makeSession() throws IOException {
        parent = Files.createDirectories(directory.resolve("muster"));
        instances = Instances.of(Map.of("XDG_RUNTIME_DIR", directory.toString()));
    }

    @AfterEach
    void end() {
        locks.forEach(RunLock::close);
    }

    @Test
    void whatIsNamedIsTakenInThisOrder() {
        Instances both =
                Instances.of(Map.of("XDG_RUNTIME_DIR", directory.toString(), "MUSTER_RUN_DIR", "/from/environment"));

        assertThat(both.running(Path.of("/from/option"), "App").runDir()).isEqualTo(Path.of("/from/option"));
        assertThat(both.running(null, "App").runDir()).isEqualTo(Path.of("/from/environment"));
        assertThat(instances.running(null, "App").runDir()).isEqualTo(parent.resolve("App"));
    }

    @Test
    void theOnlyOneThatRunsIsMeant() throws IOException {
        ran("Old");
        runs("Live");

        assertThat(instances.running(null, null).name()).isEqualTo("Live");
        assertThat(instances.known(null, null).name()).isEqualTo("Live");
    }

    @Test
    void severalAreAQuestion() throws IOException {
        runs("One");
        runs("Two");

        assertThatThrownBy(() -> instances.running(null, null))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining("One, Two")
                .hasMessageContaining("--app");
    }

    @Test
    void theOnlyOneThatRanCanBeLookedAtButNotOrdered() throws IOException {
        ran("Old");

        assertThat(instances.known(null, null).name()).isEqualTo("Old");
        assertThatThrownBy(() -> instances.running(null, null))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.exitCode()).isEqualTo(3));
    }

    @Test
    void noneAtAllIsNotRunning() {
        assertThatThrownBy(() -> instances.known(null, null))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageContaining(parent.toString());
    }

    @Test
    void aSocketWithoutALockIsWhatADeadMasterLeft() throws IOException {
        Path runDir = ran("Dead");
        Files.writeString(runDir.resolve("lock"), ProcessHandle.current().pid() + "\n");

        assertThat(new Instance(runDir).runs()).isFalse();
    }

    @Test
    void theSettingsOfTheLastStart() throws IOException {
        Instance instance = new Instance(ran("Old"));
        Files.writeString(
                instance.runDir().resolve("config.json"),
                "{\"app.name\":\"Old\",\n\"data.dir\":\"/data\",\"run.dir\":\"/run\",\"tasks.queue\":\"q\"}");

        assertThat(instance.settings().logDir()).isEqualTo(Path.of("/data/log"));
        assertThat(instance.settings().text("tasks.queue")).isEqualTo("q");
    }

    private Path ran(String name) throws IOException {
        Path runDir = Files.createDirectories(parent.resolve(name));
        Files.writeString(runDir.resolve("config.json"), "{}");
        Files.writeString(runDir.resolve("control.sock"), "");
        return runDir;
    }

    private void runs(String name) throws IOException {
        locks.add(RunLock.tryAcquire(ran(name).resolve("lock")).orElseThrow());
    }
}
