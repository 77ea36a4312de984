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
import tools.jackson.databind.JsonNode;

/// A master that may open fewer files than its children need, until an operator gives it more.
@Timeout(180)
class ScarceDescriptorsTest {
    @TempDir
    Path directory;

    @Test
    void commandsAreAnsweredNewProcessesWaitAndComeWhenThereIsRoom() throws Exception {
        // Each jar of the class path costs one; the rest is for the master and three processes, and not for a fourth.
        long limit = 28
                + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> entry.endsWith(".jar"))
                        .count();
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
}
