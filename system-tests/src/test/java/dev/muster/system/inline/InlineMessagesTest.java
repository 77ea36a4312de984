package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Chatting;
import dev.muster.testkit.InlineApp;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Messages, immediate tasks and pipes where all slots are threads of one JVM.
@Timeout(120)
// An application inline has its JVM to itself, and its threads are counted.
@Isolated
class InlineMessagesTest {
    @TempDir
    private Path directory;

    @Test
    void theSlotsTalkWithEachOther() throws Exception {
        Chatting.EVENTS.clear();
        try (InlineApp app = InlineApp.of(Chatting.class, directory)
                .only()
                .set("tasks.workers", "1")
                // The talker may begin while the worker boots.
                .set("messages.sendTimeout", "30s")
                .start()) {
            Patience.await("everything").until(() -> Chatting.EVENTS.size() >= 5);
            assertThat(Chatting.EVENTS)
                    .containsExactlyInAnyOrder(
                            "message hello",
                            "message echo anybody",
                            "finished LATER",
                            "result NOW",
                            "read echo over the pipe");
            assertThat(app.slot("task").unitsFailed()).isZero();
        }
        assertThat(directory.resolve("run/post")).doesNotExist();
        try (var files = Files.list(directory.resolve("run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isSubsetOf("lock", "config.json", "process-map.json", "dumps");
        }
    }
}
