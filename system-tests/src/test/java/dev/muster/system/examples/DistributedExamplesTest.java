package dev.muster.system.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.redis.TestServer;
import dev.muster.system.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/// The examples as users start them: out of the distribution folder, by their names.
@Timeout(120)
@Tag("long")
class DistributedExamplesTest {
    private static final Path MUSTER =
            Path.of("..", "target", "dist", "muster").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void userSyncNeedsNoConfiguration() throws Exception {
        muster("run", "-d", "user-sync");
        Outside outside = new Outside(directory.resolve("data/other-system"));
        Patience.await("users").until(() -> outside.names().size() == 250);
        assertThat(muster("ps")).contains("UserSyncProcess").contains("RUNNING");
        muster("stop");
        assertThat(directory.resolve("data/users.db")).isRegularFile();
    }

    @Test
    void pipeWorkerWritesAndIsAnswered() throws Exception {
        muster("run", "-d", "pipe-worker");
        Path log = directory.resolve("data/log/PipeWorkerApp.log");
        Patience.await("an answer")
                .until(() -> Files.exists(log) && Files.readString(log).contains("the answer has"));
        assertThat(Files.readString(log)).contains("says: processing is complete");
        muster("stop");
    }

    @Test
    void sharedMemoryHandsJobsOver() throws Exception {
        muster("run", "-d", "shared-memory");
        Path log = directory.resolve("data/log/SharedMemoryApp.log");
        Patience.await("jobs and a row")
                .until(() -> Files.exists(log)
                        && Files.readString(log).contains(" is done, 3 in all")
                        && Files.readString(log).contains("the row held 'new_value of "));
        assertThat(muster("tables")).contains("jobs").contains("numbers");
        muster("stop");
    }

    @Test
    void queueConsumerFindsItsServerInAFile() throws Exception {
        try (TestServer server = TestServer.start();
                RedisClient redis = RedisClient.create(server.url())) {
            Path _ = Files.writeString(
                    directory.resolve("connections.properties"), "redis.default.url=" + server.url() + "\n");
            long _ = redis.lpush("message_queue", "{\"type\":\"email\",\"id\":\"m1\"}");
            muster("run", "-d", "queue-consumer");
            Outside outside = new Outside(directory.resolve("data/sent"));
            Patience.await("the message").until(() -> outside.has("email-m1.json"));
            muster("stop");
        }
    }

    /// Runs a command to its end, which must be a good one.
    ///
    /// @return what it said
    private String muster(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(MUSTER.toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("MUSTER_BUILD", "never");
        environment.put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
        environment.put("MUSTER_RUN_DIR", directory.resolve("run").toString());
        environment.put("MUSTER_DATA_DIR", directory.resolve("data").toString());
        Process process = builder.start();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        String said = Files.readString(output);
        assertThat(ended).as("%s ends; it said:\n%s", command, said).isTrue();
        assertThat(process.exitValue()).as("%s said:\n%s", command, said).isZero();
        return said;
    }
}
