package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Trying;
import dev.muster.system.apps.Working;
import dev.muster.task.Broker.TaskView;
import dev.muster.testkit.RunningApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What follows an attempt: delays, rules for exceptions, snoozes, the soft limit; and the siblings of a guilty task.
@Timeout(120)
@Tag("long")
class AttemptTest {
    @TempDir
    Path directory;

    @Test
    void whatFollowsAFailedAttemptIsSaidBesideTheTask() {
        RunningApp app =
                RunningApp.of(Trying.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long worker = app.pid("task");
                String listed = queue.call("listed", "\"listed\"");
                TaskView dead = queue.awaitDead(listed);
                assertThat(dead.reason()).isEqualTo("FAILED");
                assertThat(dead.attempts()).isEqualTo(3);
                List<Entry> starts = starts("listed");
                assertThat(starts).hasSize(3);
                assertThat(millis(starts.get(0), starts.get(1))).isGreaterThanOrEqualTo(100);
                assertThat(millis(starts.get(1), starts.get(2))).isGreaterThanOrEqualTo(400);

                String forATime = queue.call("forATime", "\"for a time\"");
                // The last one is not planned, or was planned in time and its turn came too late.
                assertThat(queue.awaitDead(forATime).reason()).isIn("FAILED", "EXPIRED");
                assertThat(starts("for a time")).hasSizeBetween(2, 11);

                String ruledDead = queue.call("ruled", "\"dead\"");
                String _ = queue.call("ruled", "\"discard\"");
                String ruledRetry = queue.call("ruled", "\"retry\"");
                assertThat(queue.awaitDead(ruledDead).attempts()).isEqualTo(1);
                assertThat(queue.awaitDead(ruledRetry).attempts()).isEqualTo(3);

                String _ = queue.call("snooze", "\"snooze\"");
                queue.awaitEnd(2, 4);
                assertThat(starts("dead")).hasSize(1);
                assertThat(starts("discard")).hasSize(1);
                assertThat(starts("retry")).hasSize(3);
                List<Entry> snoozes = starts("snooze");
                assertThat(snoozes).as("on its first attempt to the end").hasSize(3);
                assertThat(millis(snoozes.get(0), snoozes.get(2))).isGreaterThanOrEqualTo(400);
                assertThat(Ledger.texts(directory, "tokens").stream().map(Long::parseLong))
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertThat(app.pid("task")).isEqualTo(worker);
                assertThat(app.deaths()).isEmpty();
            }
        }
    }

    @Test
    void theSoftLimitInterruptsAndRunsHooksAndTheWorkerIsReplaced() {
        RunningApp app =
                RunningApp.of(Trying.class, directory).packed(Ledger.class).set("tasks.workers", "1");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long worker = app.pid("task");
                String _ = queue.call("note", "\"before\"");
                String slow = queue.call("soft", "\"slow\"");
                String _ = queue.call("note", "\"after\"");

                TaskView dead = queue.awaitDead(slow);
                assertThat(dead.reason()).isEqualTo("SOFT_LIMIT");
                assertThat(dead.attempts()).isEqualTo(1);
                assertThat(dead.detail()).startsWith("after its soft limit of 300 ms: java.lang.InterruptedException");
                queue.awaitEnd(2, 1);
                assertThat(Ledger.texts(directory, "soft")).containsExactly("hook", "interrupted true");
                assertThat(starts("after").getFirst().pid())
                        .as("no new task begins where one was interrupted")
                        .isNotEqualTo(worker);
                var death = app.awaitDeath("task");
                assertThat(death.get("pid").asLong()).isEqualTo(worker);
                assertThat(death.get("reason").asString()).isEqualTo("RECYCLE");
                app.awaitReplaced("task", worker);
                app.awaitOutput("takes up no more work and is replaced: task " + slow);
                assertThat(app.output()).contains("Trying.soft").contains("what it was doing");
            }
        }
    }

    @Test
    void siblingsOfAGuiltyTaskEndBeforeTheKill() throws Exception {
        RunningApp app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("tasks.concurrency", "4");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                long worker = app.pid("task");
                String _ = queue.call("note", "\"before\"");
                Patience.await("the first task").until(() -> queue.counts().done() == 1);
                for (String name : List.of("a", "b", "c")) {
                    String _ = queue.call("hold", "\"" + name + "\"");
                }
                Patience.await("three siblings")
                        .until(() -> List.of("a", "b", "c").stream()
                                .allMatch(name -> starts(name).size() == 1));
                String guilty = queue.call("spin", "\"spin\"");
                Patience.await("the guilty one").until(() -> starts("spin").size() == 1);

                app.awaitReplaced("task", worker);
                String _ = queue.call("note", "\"meanwhile\"");
                Patience.await("the replacement works")
                        .until(() -> !starts("meanwhile").isEmpty());
                assertThat(starts("meanwhile").getFirst().pid()).isNotEqualTo(worker);
                app.awaitOutput("is killed when its 3 other tasks have ended");
                assertThat(app.why("task")).contains("which had its place, is DRAINING (task " + guilty);
                assertThat(app.deaths("task")).isEmpty();
                Path _ = Files.createFile(directory.resolve("release"));

                TaskView dead = queue.awaitDead(guilty);
                assertThat(dead.reason()).isEqualTo("DEADLINE");
                assertThat(dead.attempts()).isEqualTo(1);
                queue.awaitEnd(5, 1);
                assertThat(Ledger.texts(directory, "tasks"))
                        .as("each was started once")
                        .containsExactlyInAnyOrder("before", "a", "b", "c", "spin", "meanwhile");
                var death = app.awaitDeath("task");
                assertThat(death.get("pid").asLong()).isEqualTo(worker);
                assertThat(death.get("reason").asString()).isEqualTo("STUCK");
                assertThat(death.get("task").asString()).startsWith(guilty);
            }
        }
    }

    @Test
    void siblingsThatDoNotEndInTimeGoBackAndSpendNothing() throws Exception {
        RunningApp app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("tasks.concurrency", "4")
                .set("limits.drain", "300ms");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String held = queue.call("hold", "\"held\"");
                String once = queue.call("holdOnce", "\"once\"");
                Patience.await("two siblings")
                        .until(() -> starts("held").size() + starts("once").size() == 2);
                List<String> guilty = List.of(queue.call("spin", "\"spin\""), queue.call("spin", "\"spin\""));

                for (String id : guilty) {
                    assertThat(queue.awaitDead(id).reason()).isEqualTo("DEADLINE");
                    assertThat(queue.find(id).orElseThrow().attempts()).isEqualTo(1);
                }
                assertThat(app.deaths("task")).as("one kill for both").hasSize(1);
                TaskView never = queue.awaitDead(once);
                assertThat(never.reason()).as("it must not be started twice").isEqualTo("CRASHED");
                Patience.await("the second start").until(() -> starts("held").size() == 2);
                TaskView again = queue.find(held).orElseThrow();
                assertThat(again.attempts()).isZero();
                assertThat(again.crashes()).isZero();
                assertThat(again.history())
                        .anyMatch(line -> line.contains("another task of its worker was killed at its deadline"));
                Path _ = Files.createFile(directory.resolve("release"));
                queue.awaitEnd(1, 3);
                assertThat(Collections.frequency(Ledger.texts(directory, "tasks"), "once"))
                        .isEqualTo(1);
            }
        }
    }

    private static long millis(Entry from, Entry to) {
        return TimeUnit.NANOSECONDS.toMillis(to.nanos() - from.nanos());
    }

    private List<Entry> starts(String text) {
        return Ledger.read(directory, "tasks").stream()
                .filter(entry -> entry.text().equals(text))
                .toList();
    }
}
