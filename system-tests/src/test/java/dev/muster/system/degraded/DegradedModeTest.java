package dev.muster.system.degraded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Ticking;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An application in degraded mode. Where the virtual machine denies native access, any call that were made all the
/// same would end the process that makes it; only the store's own module may load its library.
@Timeout(180)
@Tag("long")
class DegradedModeTest {
    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private RunningApp app;

    @BeforeEach
    void application() {
        app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class, Ticking.class)
                .set("tasks.workers", "2");
    }

    @AfterEach
    void nothingIsLeft() {
        app.close();
    }

    @Test
    void everythingIsSupervisedWhereNativeAccessIsDenied() throws IOException {
        app.option("--illegal-native-access=deny")
                .option("--module-path=" + store())
                .option("--add-modules=org.xerial.sqlitejdbc")
                .option("--add-reads=org.xerial.sqlitejdbc=ALL-UNNAMED")
                .option("--enable-native-access=org.xerial.sqlitejdbc");
        app.start();
        assertThat(app.output().lines().filter(line -> line.contains("degraded mode")))
                .singleElement()
                .asString()
                .contains("WARN")
                .contains("the virtual machine denies native access");
        assertThat(commandLine(app.pid("task#1")))
                .contains("-Dmuster.native=off", "--illegal-native-access=deny")
                .doesNotContain("--enable-native-access=ALL-UNNAMED");
        runsKeepTheirInterval();
        try (TaskQueue queue = TaskQueue.of(app)) {
            aTaskOfAKilledWorkerRunsAgain(queue);
            aHungTaskIsKilledAtItsDeadline(queue);
        }
        aStoppedProcessIsReplaced();
        aProcessIsRestartedByCommand();
        aSecondStartIsRefused();
    }

    @Test
    void nobodyOutlivesAKilledMasterAndTheNextOneSettlesItsTasks() throws IOException {
        app.set("run.native", "off");
        app.start();
        assertThat(app.output()).contains("degraded mode, because native calls are switched off");
        try (TaskQueue queue = TaskQueue.of(app)) {
            String held = queue.call("hold", "\"held\"");
            Patience.await("the start of the task").until(() -> starts("held").size() == 1);

            app.signal("KILL", app.masterPid());

            app.awaitNoProcess(Duration.ofSeconds(10));
            Path _ = Files.createFile(directory.resolve("release"));
            app.start();
            queue.awaitEnd(1, 0);
            assertThat(queue.find(held)).as("done").isEmpty();
            assertThat(starts("held")).hasSize(2);
        }
    }

    private void runsKeepTheirInterval() {
        Patience.await("three runs")
                .until(() -> Ledger.texts(directory, "ticks").size() >= 6);
        List<Entry> ticks = Ledger.read(directory, "ticks");
        for (int i = 1; i + 1 < 6; i += 2) {
            assertThat(ticks.get(i).text()).isEqualTo("end");
            assertThat(ticks.get(i + 1).nanos() - ticks.get(i).nanos()).isGreaterThanOrEqualTo(200_000_000L);
        }
    }

    private void aTaskOfAKilledWorkerRunsAgain(TaskQueue queue) throws IOException {
        String id = queue.call("hold", "\"held\"");
        Patience.await("the start of the task").until(() -> starts("held").size() == 1);
        long holder = starts("held").getFirst().pid();
        String name = app.pid("task#1") == holder ? "task#1" : "task#2";

        app.signal("KILL", holder);

        Patience.await("the second start").until(() -> starts("held").size() == 2);
        long second = starts("held").getLast().pid();
        aDumpComesOverTheControlConnection(app.pid("task#1") == second ? "task#1" : "task#2");
        Path _ = Files.createFile(directory.resolve("release"));
        app.awaitReplaced(name, holder);
        var death = app.awaitDeath(name);
        assertThat(death.get("reason").asString()).isEqualTo("SIGNAL");
        assertThat(death.get("signal").asInt()).isEqualTo(9);
        assertThat(death.get("task").asString()).contains(id);
        queue.awaitEnd(1, 0);
    }

    private void aDumpComesOverTheControlConnection(String name) {
        Patience.await("a dump that shows the task of " + name).until(() -> {
            String evidence = app.command("dump", Map.of("slot", name)).body();
            Path dump = Path.of(evidence.substring(0, evidence.lastIndexOf('.')) + ".json");
            return Files.exists(dump) && Files.readString(dump).contains("dev.muster.system.apps.Working.hold");
        });
    }

    private void aHungTaskIsKilledAtItsDeadline(TaskQueue queue) throws IOException {
        String hung = queue.call("spin", "\"spin\"");
        assertThat(queue.awaitDead(hung).reason()).isEqualTo("DEADLINE");
        long worker = starts("spin").getFirst().pid();
        var death = Patience.await("its death")
                .until(
                        () -> app.deaths().stream()
                                .filter(row -> row.get("pid").asLong() == worker)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
        assertThat(death.get("reason").asString()).isEqualTo("STUCK");
        assertThat(death.get("kind").asString()).isEqualTo("deadline");
        assertThat(Files.readString(Path.of(death.get("dump").asString()))).contains("working on: " + hung);
        app.awaitReplaced(death.get("name").asString(), worker);
    }

    private void aStoppedProcessIsReplaced() {
        long neighbour = app.pid("Neighbour");
        app.signal("STOP", neighbour);
        var death = app.awaitDeath("Neighbour");
        assertThat(death.get("reason").asString()).isEqualTo("STUCK");
        assertThat(death.get("kind").asString()).isEqualTo("stopped");
        app.awaitReplaced("Neighbour", neighbour);
    }

    private void aProcessIsRestartedByCommand() {
        long ticker = app.pid("Ticker");
        assertThat(app.command("restart", Map.of("slot", "Ticker")).exitCode()).isZero();
        app.awaitReplaced("Ticker", ticker);
        assertThat(app.awaitDeath("Ticker").get("reason").asString()).isEqualTo("REQUESTED");
    }

    private void aSecondStartIsRefused() throws IOException {
        RunningApp second = RunningApp.of(Ticking.class, Files.createDirectory(directory.resolve("second")))
                .packed(Ledger.class)
                .set("run.dir", app.runDir().toString());
        assertThat(second.launch().awaitExit()).isEqualTo(69);
        assertThat(second.output()).contains("master pid " + app.masterPid());
    }

    private List<Entry> starts(String text) {
        return Ledger.read(directory, "tasks").stream()
                .filter(entry -> entry.text().equals(text))
                .toList();
    }

    private static List<String> commandLine(long pid) throws IOException {
        return List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                .split("\0", -1));
    }

    /// The jar of the store's driver on the class path of this test.
    private static String store() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(own.split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("sqlite-jdbc"))
                .findFirst()
                .orElseThrow();
    }
}
