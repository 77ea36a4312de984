package dev.muster.system.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.console.Main;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Timed;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Instants at which nobody served.
@Timeout(180)
@Tag("long")
class MissedScheduleTest {
    private static final int GAP = 6;

    @TempDir
    Path directory;

    private RunningApp app() {
        return RunningApp.of(Timed.class, directory).packed(Ledger.class);
    }

    /// What `muster schedules` prints.
    private static String schedules(RunningApp app) throws IOException {
        Process command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "schedules",
                        "--run-dir",
                        app.runDir().toString())
                .redirectErrorStream(true)
                .start();
        return new String(command.getInputStream().readAllBytes(), UTF_8);
    }

    private Instants instants() {
        return Instants.in(directory);
    }

    private void awaitAfter(long instant) {
        Patience.await("two instants after " + instant)
                .until(() -> instants().of("all").tailSet(instant, false).size() >= 2
                        && instants().of("once").tailSet(instant, false).size() >= 2);
    }

    private static void awaitClock(long second) {
        Patience.await("the clock").until(() -> Instant.now().getEpochSecond() >= second);
    }

    @Test
    void whatWasMissedWhileNothingRanIsMadeUpForAsThePolicySays() {
        try (RunningApp app = app().start()) {
            awaitAfter(0);
            assertThat(app.stop()).isZero();
        }
        long last = Math.max(instants().of("all").last(), instants().of("once").last());
        awaitClock(last + GAP);
        try (RunningApp app = app().start()) {
            awaitAfter(Instant.now().getEpochSecond());
            assertThat(app.stop()).isZero();
        }
        TreeSet<Long> all = instants().of("all");
        assertThat(all).as("each").hasSize((int) (all.last() - all.first() + 1));
        TreeSet<Long> once = instants().of("once");
        long before = once.floor(last);
        assertThat(once.higher(before)).as("one run for all of them").isGreaterThanOrEqualTo(last + GAP - 1);
        assertThat(instants().all("all")).doesNotHaveDuplicates();
        assertThat(instants().all("once")).doesNotHaveDuplicates();
    }

    @Test
    void nobodyServesWithoutAWorkerAndTheOneThatComesGoesOn() throws IOException {
        try (RunningApp app = app().start()) {
            awaitAfter(0);
            assertThat(app.scale("hands", 0).exitCode()).isZero();
            assertThat(app.why("hands#1"))
                    .contains("nobody serves the schedules all, once: no task worker or pool worker works");
            assertThat(schedules(app))
                    .contains("run has no task worker and no pool worker: it serves no schedules")
                    .containsPattern("all +all +every 1s +- +ALL +\\S+Z +\\S+Z");
            long last = instants().of("all").last();
            awaitClock(last + GAP);
            assertThat(instants().of("all").last()).isEqualTo(last);
            assertThat(app.scale("hands", 1).exitCode()).isZero();
            awaitAfter(last + GAP);
            assertThat(app.why("hands#1")).contains("it serves the schedules all, once of the application");
            TreeSet<Long> all = instants().of("all");
            assertThat(all).hasSize((int) (all.last() - all.first() + 1));
        }
    }

    /// The store is no database of ours at first, and then is away.
    @Test
    void aStoreThatCannotBeOpenedIsTriedUntilItCan() throws IOException {
        Path store = directory.resolve("data/queue.db");
        Files.createDirectories(store.getParent());
        Files.writeString(store, "no database at all, but a text that is long enough to be taken for a header");
        try (RunningApp app = app().start()) {
            app.awaitOutput("the schedules cannot be served; tries again every 50 ms to 2 s");
            Files.delete(store);
            awaitAfter(0);
            app.awaitOutput("the schedules are served again");
        }
    }
}
