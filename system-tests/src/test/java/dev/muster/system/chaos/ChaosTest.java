package dev.muster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The distribution's own `muster chaos`: some quick faults, and a storm of a few seconds with a fixed seed. The long
/// one is for `./muster chaos` by hand.
@Timeout(300)
class ChaosTest {
    private static final Path DISTRIBUTION =
            Path.of("..", "target", "dist").toAbsolutePath().normalize();
    private static final String FAULTS = "kill-worker,kill-user,term-worker,exit-300,throw-task,reload-config,pause";
    private static final long LIMIT_SECONDS = 280;

    @TempDir
    Path directory;

    @Test
    void faultsAndAShortStormLoseNothingAndLeaveNothing() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(DISTRIBUTION.resolve("muster").toString(), "chaos"));
        command.addAll(List.of("--seed", "3", "--duration", "8s", "--faults", FAULTS));
        command.addAll(List.of("--set", "pools.hands.instances=2"));
        File output = directory.resolve("output").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        Map<String, String> environment = builder.environment();
        environment.put("MUSTER_BUILD", "never");
        environment.put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
        Process chaos = builder.start();
        try {
            boolean ended = chaos.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output.toPath());
            assertThat(ended).as("it ends; it said:\n%s", said).isTrue();
            assertThat(chaos.exitValue()).as(said).isZero();
            assertThat(said).contains("scenarios 7  failed 0").contains("unaccounted 0");
        } finally {
            // TERM: it kills what it has started
            chaos.destroy();
        }
    }
}
