package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Pooling;
import dev.muster.testkit.RunningApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A pool with a hand-written hook: outcomes, a hang over its heartbeat, `kill -9`, and `exiting` for each of the dead.
@Timeout(60)
class PoolTest {
    @TempDir
    Path directory;

    @Test
    void exitingRunsForEveryDeadWorkerInALivingOne() throws Exception {
        try (RunningApp app = RunningApp.of(Pooling.class, directory)
                        .packed(Ledger.class)
                        .start();
                TaskQueue queue = TaskQueue.of(app)) {
            assertThat(title(app.pid("hands#1"))).isEqualTo("xes_hands:work_xes_" + app.pid("hands#1"));
            String _ = queue.call("plain", "");
            List<String> _ = queue.enqueue("{\"task\":\"retry\",\"retry\":2}");
            String buried = queue.call("bury", "");
            queue.awaitEnd(2, 1);
            assertThat(queue.find(buried).orElseThrow().reason()).isEqualTo("BURIED");
            assertThat(queue.find(buried).orElseThrow().detail()).contains("not wanted");

            String hanging = queue.call("hang", "");
            Patience.await("exiting for the hung one").until(() -> exitings().size() == 1);
            Entry hung = Ledger.read(directory, "hung").getFirst();
            assertThat(exitings().getFirst().text()).isEqualTo("STUCK hanging on " + hanging);
            assertThat(exitings().getFirst().pid()).isNotEqualTo(hung.pid());
            var death = app.deaths().getFirst();
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("deadline");
            app.awaitReplaced(death.get("name").asString(), hung.pid());

            String held = queue.call("hold", "");
            Patience.await("the task is held")
                    .until(() -> !Ledger.read(directory, "held").isEmpty());
            long killed = Ledger.read(directory, "held").getFirst().pid();
            String name = app.pid("hands#1") == killed ? "hands#1" : "hands#2";
            app.signal("KILL", killed);
            Path _ = Files.createFile(directory.resolve("release"));
            Patience.await("exiting for the killed one").until(() -> exitings().size() == 2);
            assertThat(exitings().getLast().text()).isEqualTo("SIGNAL holding " + held);
            assertThat(exitings().getLast().pid()).isNotEqualTo(killed);
            app.awaitReplaced(name, killed);
            Patience.await("the held task is done").until(() -> queue.find(held).isEmpty());

            assertThat(app.stop()).isZero();
            assertThat(exitings().stream().map(Entry::text).filter("REQUESTED null"::equals))
                    .hasSize(2);
            assertThat(Ledger.texts(directory, "pool")).contains("stopping hands#1", "stopping hands#2");
        }
    }

    private List<Entry> exitings() {
        return Ledger.read(directory, "exiting");
    }

    private static String title(long pid) throws Exception {
        return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                .replace('\0', ' ')
                .strip();
    }
}
