package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that cannot be opened leaves nothing open, and no file.
@Timeout(60)
class ShortageTest {
    @TempDir
    Path directory;

    @Test
    void aServerThatCannotBeOpenedLeavesNothing() throws Exception {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 200 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ShortOfDescriptors.class.getName(),
                        directory.resolve("control.sock").toString())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said.lines())
                    .containsExactly(
                            "the limit is 200, also now: 200",
                            "0 free: refused, 0 free afterwards, file false",
                            "1 free: refused, 1 free afterwards, file false",
                            "2 free: opened, 2 free afterwards, file false");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
