package dev.muster.system.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `server.task` and its kin in real task workers.
@Timeout(120)
class ImmediateTaskTest {
    @TempDir
    private Path directory;

    @Test
    void tasksRunInIdleWorkersAndTheirEndsAreTold() {
        try (Orders orders = Orders.start(directory, Map.of("messages.backlog", "3"))) {
            int first = orders.slot("task#1");
            int second = orders.slot("task#2");
            int driver = orders.slot("Driver");
            String told = " | told in " + driver;

            // One worker is busy: everything goes to the other one.
            orders.done("task hold");
            Patience.await("the start").until(() -> orders.lines("holding").size() == 1);
            int busy = Integer.parseInt(orders.lines("holding").getFirst());
            int idle = busy == first ? second : first;
            orders.done("wait 5000 note a");
            orders.done("wait 5000 note b");
            assertThat(orders.lines("tasks"))
                    .contains("result done note a in " + idle, "result done note b in " + idle);
            orders.app().awaitState(busy == first ? "task#1" : "task#2", "RUNNING");
            assertThat(orders.row(busy == first ? "task#1" : "task#2")
                            .get("task")
                            .asString())
                    .contains("onTask of slot " + driver);

            // Both are busy: the backlogs fill, evenly, and then the submitter hears of it.
            orders.done("task hold");
            Patience.await("both").until(() -> orders.lines("holding").size() == 2);
            for (int i = 0; i < 6; i++) {
                orders.done("task note queued" + i);
                assertThat(orders.outcome()).endsWith(" ok");
            }
            assertThat(orders.row("task#1").get("backlog").asInt()).isEqualTo(3);
            assertThat(orders.row("task#2").get("backlog").asInt()).isEqualTo(3);
            orders.done("task note tooMany");
            assertThat(orders.outcome()).contains("FULL false").contains("at most 3 (messages.backlog)");
            orders.done("wait 300 note tooManyToo");
            assertThat(orders.outcome()).contains("TIMEOUT true");

            orders.tell("release");
            Patience.await("all ends").until(() -> orders.lines("finished").size() >= 8);
            assertThat(orders.lines("finished")).allMatch(line -> line.endsWith(told));
            assertThat(orders.lines("got").stream().filter(line -> line.startsWith("queued")))
                    .hasSize(6);

            // What onTask throws comes back, to whoever waits and to onFinish.
            orders.done("wait 5000 throw loudly");
            assertThat(orders.outcome()).contains("TaskFailedException").contains("IllegalArgumentException: loudly");
            orders.done("task throw softly");
            Patience.await("the failure")
                    .until(() -> orders.lines("finished").stream()
                            .anyMatch(line -> line.contains("failed:") && line.contains("softly")));

            // In a task worker a task runs inline.
            orders.done("send " + first + " wait 5000 note inline");
            orders.awaitLine("tasks", "result done note inline in " + first);
            orders.awaitLine("got", "inline from " + first + " in " + first);
        }
    }

    @Test
    void aKilledWorkerIsToldToItsSubmittersAndAReloadLosesNothing() {
        try (Orders orders = Orders.start(directory, Map.of())) {
            orders.done("task hold");
            Patience.await("the start").until(() -> orders.lines("holding").size() == 1);
            String name =
                    Integer.parseInt(orders.lines("holding").getFirst()) == orders.slot("task#1") ? "task#1" : "task#2";
            long killed = orders.app().kill9(name);
            Patience.await("the news").until(() -> !orders.lines("finished").isEmpty());
            assertThat(orders.lines("finished"))
                    .singleElement()
                    .asString()
                    .contains("failed: the task worker in slot " + orders.slot(name) + " died with an immediate task");
            var _ = orders.app().awaitReplaced(name, killed);

            // A reload under load: every task that was accepted is done, and every end is told.
            orders.tell("release");
            int count = 300;
            for (int i = 0; i < count; i++) {
                orders.give("task note r" + i);
            }
            assertThat(orders.app().reload("task").exitCode()).isZero();
            orders.awaitDone();
            Patience.await("all ends").until(() -> orders.lines("finished").size() >= 1 + count);
            List<String> got = new ArrayList<>();
            for (String line : orders.lines("got")) {
                got.add(line.substring(0, line.indexOf(' ')));
            }
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                expected.add("r" + i);
            }
            assertThat(got).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(orders.lines("outcomes")).allMatch(line -> line.endsWith(" ok"));
        }
    }
}
