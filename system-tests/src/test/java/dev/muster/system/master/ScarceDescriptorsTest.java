package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Crowded;
import dev.muster.testkit.RunningApp;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A master that may open fewer files than its children need, until an operator gives it more.
@Timeout(180)
class ScarceDescriptorsTest {
    @TempDir
    Path directory;

    @Test
    void commandsAreAnsweredNewProcessesWaitAndComeWhenThereIsRoom() throws Exception {
        // Each jar of the class path costs one; the rest is for the master and three processes, and not for a fourth.
        long limit = 45 + jars();
        RunningApp app = RunningApp.of(Crowded.class, directory)
                .packed()
                .prefix("sh", "-c", "ulimit -Sn " + limit + " && exec \"$@\"", "sh")
                .option("-XX:-MaxFDLimit")
                .set("processes.Sits.instances", "4");
        try (app) {
            app.launch();
            app.awaitOutput("starting 4 processes");
            JsonNode refused = app.awaitDeath("Sits#4");
            assertThat(refused.get("reason").asString()).isEqualTo("SPAWN_FAILED");
            assertThat(refused.get("detail").asString()).contains("Too many open files");
            assertThat(app.command("ps", Map.of()).exitCode()).isZero();
            assertThat(app.alive()).isTrue();

            Process more = new ProcessBuilder("prlimit", "--pid", Long.toString(app.masterPid()), "--nofile=4096:")
                    .inheritIO()
                    .start();
            assertThat(more.waitFor()).isZero();

            app.awaitState("Sits#4", "RUNNING");
        }
    }

    /// From hardly more than the virtual machine has open itself to what is almost enough.
    @ParameterizedTest
    @ValueSource(ints = {8, 16, 36})
    void aMasterForWhichThereAreTooFewNamesTheLimitAndLeavesNothing(int more) {
        long limit = jars() + more;
        RunningApp app = RunningApp.of(Crowded.class, directory)
                .packed()
                .prefix("sh", "-c", "ulimit -n " + limit + " && exec \"$@\"", "sh");
        try (app) {
            assertThat(app.launch().awaitExit()).as(app::output).isEqualTo(71);
            assertThat(app.output().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith(
                                    "muster: too few file descriptors: the limit of open files (ulimit -n) is " + limit)
                            .containsPattern("set it to \\d+ at least"));
            assertThat(app.runDir()).doesNotExist();
        }
    }

    private static long jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .count();
    }
}
