package dev.muster.system.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.console.Main;
import dev.muster.system.TaskQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of `muster tasks enqueue` in the middle of its input.
@Timeout(60)
class KilledEnqueuerTest {
    @TempDir
    Path directory;

    @Test
    void everyIdThatItHadPrintedIsFound() throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("muster.yml"),
                "data: {dir: " + directory.resolve("data") + "}\nrun: {dir: " + directory.resolve("run") + "}\n");
        Process enqueuer = start(configuration);
        Thread producer = Thread.ofPlatform().daemon().start(() -> produce(enqueuer));

        List<String> printed = new ArrayList<>();
        try (BufferedReader ids = enqueuer.inputReader(UTF_8)) {
            for (String id = ids.readLine(); id != null; id = ids.readLine()) {
                printed.add(id);
                if (printed.size() == 2_000) {
                    boolean _ = enqueuer.toHandle().destroyForcibly();
                }
            }
        }
        producer.join();
        assertThat(enqueuer.waitFor()).isEqualTo(128 + 9);

        assertThat(printed).hasSizeGreaterThanOrEqualTo(2_000).doesNotHaveDuplicates();
        try (TaskQueue queue = TaskQueue.in(directory.resolve("run"), directory.resolve("data"))) {
            assertThat(printed).allSatisfy(id -> assertThat(queue.find(id)).isPresent());
            assertThat(queue.counts().ready()).isGreaterThanOrEqualTo(printed.size());
        }
    }

    private Process start(Path configuration) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "tasks",
                        "enqueue",
                        "-c",
                        configuration.toString())
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Until nobody reads any more.
    private static void produce(Process enqueuer) {
        try (Writer out = new OutputStreamWriter(enqueuer.getOutputStream(), UTF_8)) {
            for (int i = 0; ; i++) {
                out.write("{\"task\":\"note\",\"param\":[\"message " + i + "\"]}\n");
            }
        } catch (IOException _) {
            // It was killed.
        }
    }
}
