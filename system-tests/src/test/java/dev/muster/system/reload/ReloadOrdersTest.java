package dev.muster.system.reload;

import static dev.muster.system.reload.ShopCode.CLOCK;
import static dev.muster.system.reload.ShopCode.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may order a reload, and of what.
@Timeout(240)
@Tag("long")
class ReloadOrdersTest {
    /// Orders a reload of the tasks, once, when a test says so.
    private static final String ORDERER = """
        @UserProcess(name = "Orderer", interval = 20)
        public void order(Server server) {
            if (Ledger.told("order") && Ledger.isNew("ordered")) {
                Ledger.note("ordered", "%V");
                server.reload("task");
            }
        }
        """;

    private static final String ROCK = """
        @UserProcess(name = "Rock", interval = 20, reloadable = false)
        public void stay() {
            Ledger.note("rock", "%V");
        }
        """;

    @TempDir
    Path directory;

    @Test
    void tenAtOnceBecomeTwoAtMostAndAllAreAnswered() {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory);
        ShopCode.version(1).with(CLOCK).into(app.jar());
        try (app;
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            app.start();
            List<CompletableFuture<Message.Reply>> replies = IntStream.range(0, 10)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(() -> app.reload(""), callers))
                    .toList();

            assertThat(replies.stream().map(CompletableFuture::join))
                    .allSatisfy(reply ->
                            assertThat(reply.exitCode()).as(reply.body()).isZero());
            assertThat(app.slot("Clock").get("generation").asInt()).isBetween(2, 3);
            assertThat(app.deaths("Clock")).hasSizeBetween(1, 2);
        }
    }

    @Test
    void aSignalAndUserCodeOrderItTooAndWhoIsNotReloadableStays() throws IOException {
        // A build under nohup ignores HUP, and would pass that on.
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory)
                .set("tasks.workers", "1")
                .prefix("env", "--default-signal=HUP");
        ShopCode.version(1).with(TASKS, CLOCK, ORDERER, ROCK).into(app.jar());
        try (app) {
            app.start();
            long rock = app.pid("Rock");
            long clock = app.pid("Clock");
            ShopCode.version(2).with(TASKS, CLOCK, ORDERER, ROCK).into(app.jar());

            Path _ = Files.createFile(directory.resolve("order"));
            app.awaitOutput("reload: reloaded: generation 2");
            assertThat(Ledger.texts(directory, "ordered")).containsExactly("1");
            assertThat(app.slot("task").get("generation").asInt()).isEqualTo(2);
            assertThat(app.pid("Clock")).as("not in the scope").isEqualTo(clock);

            app.signal("HUP", app.masterPid());
            app.awaitOutput("reload: reloaded: generation 3");
            app.await("Clock", row -> row.get("generation").asInt() == 3);
            assertThat(app.slot("task").get("generation").asInt()).isEqualTo(3);
            Patience.await("the new code")
                    .until(() -> Ledger.texts(directory, "ticks").contains("2 end"));

            assertThat(app.pid("Rock")).as("reloadable = false").isEqualTo(rock);
            assertThat(app.slot("Rock").get("generation").asInt()).isOne();
            assertThat(app.why("Rock"))
                    .contains("it runs the code of generation 1, the application has generation 3 (reloadable ="
                            + " false)");
            assertThat(app.command("restart", Map.of("slot", "Rock")).exitCode())
                    .isZero();
            Patience.await("the newest code by an order")
                    .until(() -> Ledger.texts(directory, "rock").contains("2"));
            assertThat(app.slot("Rock").get("generation").asInt()).isEqualTo(3);
        }
    }

    /// Declarations that are new, gone, back again, or are to have another number of processes.
    @Test
    void theDeclarationsOfTheNewCodeCount() {
        String extra = CLOCK.replace("Clock", "Extra").replace("tick(", "more(").replace("\"ticks\"", "\"extra\"");
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory);
        ShopCode.version(1).with(CLOCK).into(app.jar());
        try (app) {
            app.start();

            ShopCode.version(2).with(CLOCK, extra).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            app.awaitState("Extra", "RUNNING");
            Patience.await("its runs")
                    .until(() -> Ledger.texts(directory, "extra").contains("2 end"));

            // One that is undone ends nobody, and what it would have ended takes part in the next one.
            long kept = app.pid("Extra");
            ShopCode.version(3)
                    .with(CLOCK)
                    .constructed("if (true) { throw new IllegalStateException(\"not today\"); }")
                    .into(app.jar());
            assertThat(app.reload("").exitCode()).isOne();
            assertThat(app.pid("Extra")).isEqualTo(kept);
            ShopCode.version(2).with(CLOCK, extra).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            assertThat(app.pid("Extra")).isNotEqualTo(kept);

            ShopCode.version(3).with(CLOCK).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            app.await(
                    "Extra",
                    row -> row.get("state").asString().equals("STOPPED")
                            && row.get("others").isEmpty());

            ShopCode.version(4).with(CLOCK, extra).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            app.awaitState("Extra", "RUNNING");
            Patience.await("its runs")
                    .until(() -> Ledger.texts(directory, "extra").contains("4 end"));

            ShopCode.version(5)
                    .with(CLOCK.replace("interval = 10", "interval = 10, instances = 2"), extra)
                    .into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            app.awaitState("Clock#2", "RUNNING");

            ShopCode.version(6).with(CLOCK, extra).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            app.awaitState("Clock#2", "STOPPED");
            assertThat(app.slot("Clock").get("generation").asInt()).isEqualTo(8);
            assertThat(app.slot("Clock").get("state").asString()).isEqualTo("RUNNING");
        }
    }
}
