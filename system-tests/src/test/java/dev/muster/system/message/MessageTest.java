package dev.muster.system.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `server.sendMessage` between processes of all roles.
@Timeout(120)
class MessageTest {
    private static final int MAX = 1 << 20;

    @TempDir
    private Path directory;

    @Test
    void everyRoleSendsToEveryRole() {
        try (Orders orders = Orders.start(
                directory,
                Map.of("messages.maxSize", "1MiB", "pools.Hands.instances", "2", "processes.Box.instances", "2"))) {
            Map<String, Integer> slots = orders.slots();
            List<String> places = List.of("task#1", "task#2", "Hands#1", "Hands#2", "Box#1", "Box#2");
            List<String> expected = new ArrayList<>();
            for (String from : places) {
                for (String to : places) {
                    int sender = slots.get(from);
                    int receiver = slots.get(to);
                    orders.give("send " + sender + " send " + receiver + " note " + sender + "to" + receiver);
                    // A user process reads bytes: whoever wants an answer says who asks.
                    String source = to.startsWith("Box") ? "-1" : Integer.toString(sender);
                    expected.add(sender + "to" + receiver + " from " + source + " in " + receiver);
                }
                orders.give("send " + slots.get(from) + " note driver");
                String source = from.startsWith("Box") ? "-1" : Integer.toString(slots.get("Driver"));
                expected.add("driver from " + source + " in " + slots.get(from));
            }
            orders.awaitDone();
            Patience.await("all messages").until(() -> orders.lines("got").size() >= expected.size());
            assertThat(orders.lines("got")).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(orders.lines("outcomes")).allMatch(line -> line.endsWith(" ok"));

            // What a process writes to its pipe that nobody holds goes to the first task worker.
            orders.done("send " + slots.get("Box#2") + " write note written");
            orders.awaitLine("got", "written from " + slots.get("Box#2") + " in " + slots.get("task#1"));

            // The largest message, and one byte more.
            orders.done("big " + MAX + " " + slots.get("Hands#1"));
            orders.awaitLine("got", MAX + " bytes from " + slots.get("Driver") + " in " + slots.get("Hands#1"));
            orders.done("big " + (MAX + 1) + " " + slots.get("Hands#1"));
            assertThat(orders.outcome()).contains("TOO_LARGE false").contains("1048577 bytes, at most 1048576");

            // Nobody listens, and nobody is there.
            orders.done("send " + slots.get("Deaf") + " note lost");
            assertThat(orders.outcome())
                    .contains("NOBODY false")
                    .contains("[slot " + slots.get("Deaf") + " is Deaf, user, RUNNING; to have a pipe it must declare"
                            + " @UserProcess(pipe = PipeType.DATAGRAM)");
            orders.done("send 99 note lost");
            assertThat(orders.outcome()).contains("IllegalArgumentException there is no slot 99");
            assertThat(orders.lines("got")).doesNotContain("lost");

            // A paused slot says so at once, and takes messages again afterwards.
            assertThat(orders.app().pause("Hands").exitCode()).isZero();
            orders.done("send " + slots.get("Hands#2") + " note paused");
            assertThat(orders.outcome()).contains("PAUSED false");
            assertThat(orders.app().resume("Hands").exitCode()).isZero();
            orders.done("send " + slots.get("Hands#2") + " note resumed");
            orders.awaitLine("got", "resumed from " + slots.get("Driver") + " in " + slots.get("Hands#2"));

            // What a listener throws harms nobody.
            orders.done("send " + slots.get("task#1") + " throw on purpose");
            orders.done("send " + slots.get("task#1") + " note after");
            orders.awaitLine("got", "after from " + slots.get("Driver") + " in " + slots.get("task#1"));
            orders.app().awaitOutput("onPipeMessage failed for a message of slot " + slots.get("Driver"));
            assertThat(orders.row("task#1").get("failed").asInt()).isEqualTo(1);
            assertThat(orders.app().deaths()).isEmpty();

            // What a process that is killed had accepted and not begun is counted.
            orders.done("send " + slots.get("Hands#2") + " spin");
            orders.done("send " + slots.get("Hands#2") + " note unread");
            orders.done("send " + slots.get("Hands#2") + " note unread");
            Patience.await("backlog")
                    .until(() -> orders.row("Hands#2").get("backlog").asInt() == 2);
            long killed = orders.app().kill9("Hands#2");
            orders.app()
                    .awaitOutput("Hands#2 (pid " + killed + ") ended with 2 messages or immediate tasks that it had"
                            + " accepted and not begun");
        }
    }

    @Test
    @Tag("long")
    void aStoppedReceiverIsNoticedInTimeAndHoldsNobodyUp() {
        try (Orders orders = Orders.start(directory, Map.of("messages.sendTimeout", "500ms"))) {
            long pid = orders.app().pid("Hands");
            int slot = orders.slot("Hands");
            orders.app().signal("STOP", pid);
            try {
                orders.done("send " + slot + " note frozen");
                assertThat(orders.outcome()).contains("TIMEOUT true").contains("may be stopped");
                orders.done("big 4000000 " + slot);
                orders.done("big 4000000 " + slot);
                assertThat(orders.outcome()).contains("TIMEOUT false").contains("it has not got the message");
                // The sender lives on, and reaches others.
                orders.done("send " + orders.slot("task#1") + " note elsewhere");
                assertThat(orders.outcome()).endsWith(" ok");
            } finally {
                orders.app().signal("CONT", pid);
            }
            orders.awaitLine("got", "frozen from " + orders.slot("Driver") + " in " + slot);
            assertThat(orders.app().deaths()).isEmpty();
        }
    }

    @Test
    @Tag("long")
    void aHangingListenerEndsWithItsProcess() {
        try (Orders orders = Orders.start(directory, Map.of("messages.eventTimeout", "500ms"))) {
            int slot = orders.slot("Hands");
            long pid = orders.app().pid("Hands");
            orders.done("send " + slot + " spin");
            var death = orders.app().awaitDeath("Hands");
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("deadline");
            assertThat(death.get("task").asString()).contains("onPipeMessage of slot " + orders.slot("Driver"));
            var _ = orders.app().awaitReplaced("Hands", pid);
            orders.done("send " + slot + " note again");
            orders.awaitLine("got", "again from " + orders.slot("Driver") + " in " + slot);
        }
    }
}
