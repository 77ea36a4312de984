package dev.muster.system.reload;

import static dev.muster.system.reload.ShopCode.CLOCK;
import static dev.muster.system.reload.ShopCode.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TERM while a reload is under way.
@Timeout(240)
@Tag("long")
class StopDuringReloadTest {
    @TempDir
    Path directory;

    @Test
    void theStopWinsWhileProcessesAreReplaced() throws IOException {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory).set("tasks.workers", "1");
        ShopCode.version(1).with(TASKS, CLOCK).into(app.jar());
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long old = app.pid("task");
                String _ = queue.call("hold", "\"held\"");
                Patience.await("the task")
                        .until(() -> Ledger.texts(directory, "tasks").contains("1 held"));
                CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload("task"));
                app.awaitReplaced("task", old);

                app.signal("TERM", app.masterPid());
                Message.Reply reply = reload.join();
                assertThat(reply.exitCode()).isEqualTo(1);
                assertThat(reply.body()).contains("the application is being stopped");
                Path _ = Files.createFile(directory.resolve("release"));
                assertThat(app.awaitExit()).isZero();
                queue.awaitEnd(1, 0);
                assertThat(Ledger.texts(directory, "tasks")).containsExactly("1 held");
            }
        }
    }

    /// The process that checks the new code is no child of any slot, and must be gone with the rest.
    @Test
    void theStopWinsWhileTheNewCodeIsChecked() throws IOException {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory);
        ShopCode.version(1).with(CLOCK).into(app.jar());
        try (app) {
            app.start();
            Path _ = Files.createFile(directory.resolve("hold-check"));
            CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload(""));
            Patience.await("master, process and check")
                    .until(() -> app.processes().size() == 3);

            app.signal("TERM", app.masterPid());

            Message.Reply reply = reload.join();
            assertThat(reply.exitCode()).as(reply.body()).isOne();
            assertThat(reply.body()).isEqualTo("nothing was changed: the application is being stopped");
            assertThat(app.awaitExit()).isZero();
        }
    }
}
