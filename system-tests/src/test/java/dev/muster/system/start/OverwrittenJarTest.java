package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A deployment that copies over the jar of a running application: same path, same inode, other bytes.
@Timeout(180)
class OverwrittenJarTest {
    private static final int KILLS = 5;
    private static final int EACH = 200;

    @TempDir
    Path directory;

    @Test
    @Tag("long")
    void everyReplacementStartsFromWhatWasThereAtTheStart() throws IOException {
        RunningApp app =
                RunningApp.of(Working.class, directory).packed(Ledger.class).set("tasks.workers", "2");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                enqueue(queue, 0);
                Patience.await("work").until(() -> queue.counts().done() > 0);
                Path jar = directory.resolve("app.jar");
                Object inode = Files.getAttribute(jar, "unix:ino");
                byte[] garbage = new byte[(int) Files.size(jar) + 1_000];
                Arrays.fill(garbage, (byte) 'x');
                Files.write(jar, garbage);
                assertThat(Files.getAttribute(jar, "unix:ino"))
                        .as("overwritten in place")
                        .isEqualTo(inode);
                for (int i = 1; i <= KILLS; i++) {
                    enqueue(queue, i);
                    String name = "task#" + (1 + i % 2);
                    long killed = app.kill9(name);
                    app.awaitReplaced(name, killed);
                }
                queue.awaitEnd((KILLS + 1) * EACH, 0);
                assertThat(app.deaths())
                        .as("nobody died but those that were killed")
                        .hasSize(KILLS)
                        .allSatisfy(
                                death -> assertThat(death.get("signal").asInt()).isEqualTo(9));
                assertThat(app.ps())
                        .allSatisfy(
                                row -> assertThat(row.get("state").asString()).isEqualTo("RUNNING"));
                assertThat(app.output()).doesNotContain("internal error");
            }
        }
    }

    private static void enqueue(TaskQueue queue, int batch) {
        String[] messages = new String[EACH];
        for (int i = 0; i < EACH; i++) {
            messages[i] = "{\"task\":\"note\",\"param\":[\"b" + batch + "n" + i + "\"]}";
        }
        assertThat(queue.enqueue(messages)).hasSize(EACH);
    }
}
