package dev.muster.system.death;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Breaking;
import dev.muster.system.apps.Exhausting;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Patient;
import dev.muster.system.apps.Quitting;
import dev.muster.system.apps.Unborn;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every way for a process to die that can be provoked, and that `deaths --json` says exactly which it was, with a file
/// that explains it.
@Timeout(240)
@Tag("long")
class ExplainedDeathTest {
    /// No code: a signal ended it.
    private static final int NONE = -1;

    @TempDir
    Path directory;

    @Test
    void ofProcessesThatUseUpAResource() {
        try (RunningApp app = small(Exhausting.class).start()) {
            death(app, "Heap", "OOM", "", 3, 0, "Terminating due to java.lang.OutOfMemoryError: Java heap space");
            death(app, "Direct", "OOM", "", 3, 0, "OutOfMemoryError: Cannot reserve 8388608 bytes", ".direct(");
            death(app, "DirectInPool", "OOM", "", 3, 0, "OutOfMemoryError: Cannot reserve", ".direct(");
            death(app, "Threads", "OOM", "", 3, 0, "unable to create native thread", ".threads(");
        }
    }

    @Test
    void ofProcessesThatEndThemselves() {
        try (RunningApp app = small(Quitting.class).start()) {
            death(app, "Exit0", "CLEAN", "", 0, 0, exit("Quitting.exit0"));
            death(app, "Exit1", "ERROR", "", 1, 0, exit("Quitting.exit1"));
            death(app, "Exit64", "ERROR", "", 64, 0, exit("Quitting.exit64"));
            death(app, "Exit300", "ERROR", "", 44, 0, exit("Quitting.exit300"));
            death(app, "Halt", "ERROR", "", 9, 0, "exit code 9", "about to halt");
        }
    }

    @Test
    void ofProcessesThatBreak() {
        try (RunningApp app = small(Breaking.class).set("limits.silence", "4s").start()) {
            JsonNode crash = death(
                    app, "Segfault", "CRASH", "", NONE, 6, "SIGSEGV", ".segfault(", "about to write where nothing is");
            assertThat(crash.get("dump").asString())
                    .isEqualTo(app.runDir().resolve("dumps") + "/hs_err_"
                            + crash.get("pid").asLong() + ".log");
            assertThat(crash.get("detail").asString()).startsWith("SIGSEGV").contains("problematic frame: ");
            JsonNode babble = death(app, "Babbles", "BAD_MESSAGE", "", NONE, 9, "about to babble");
            assertThat(babble.get("detail").asString()).isEqualTo("unknown message type 99");
            death(app, "Spins", "STUCK", "deadline", NONE, 9, "ms over its limit", "Full thread dump", ".spin(");
            death(
                    app,
                    "Freezes",
                    "STUCK",
                    "silent",
                    NONE,
                    9,
                    "no beat",
                    "no thread dump: it did not answer",
                    "thread ");
        }
    }

    /// Few processes at a time, so that they all boot in time on a machine that has other things to do.
    private RunningApp small(Class<?> main) {
        return RunningApp.of(main, directory).packed().set("jvm.user", "-Xmx48m");
    }

    private static String[] exit(String frame) {
        return new String[] {"user code called System.exit", frame};
    }

    @Test
    void ofProcessesThatAreEndedFromOutsideAndByOrder() {
        try (RunningApp app = small(Patient.class).set("limits.silence", "4s").start()) {
            for (String name : new String[] {"Waits#1", "Waits#2", "Waits#3"}) {
                app.awaitState(name, "RUNNING");
            }
            app.signal("KILL", app.pid("Waits#1"));
            app.signal("TERM", app.pid("Waits#2"));
            app.signal("STOP", app.pid("Waits#3"));
            death(app, "Waits#1", "SIGNAL", "", NONE, 9, "SIGNAL, signal 9", "waiting");
            death(app, "Waits#2", "SIGNAL", "", NONE, 15, "SIGNAL, signal 15", "waiting");
            death(app, "Waits#3", "STUCK", "stopped", NONE, 9, "no thread dump: the process is stopped", "waiting");
            for (String name : new String[] {"Waits#1", "Waits#2", "Waits#3"}) {
                app.awaitState(name, "RUNNING");
            }
            assertThat(app.command("stop", Map.of("slot", "Waits#1")).exitCode())
                    .isZero();
            ordered(app.awaitDeath("Waits#1", 2), 0, 0);
            assertThat(app.command("kill", Map.of("slot", "Waits#2")).exitCode())
                    .isZero();
            ordered(app.awaitDeath("Waits#2", 2), NONE, 9);
        }
    }

    private static void ordered(JsonNode death, int code, int signal) {
        exactly(death, "REQUESTED", "", code, signal);
        assertThat(death.get("dump").isNull()).as("nothing to explain").isTrue();
    }

    @Test
    void ofProcessesThatAreNeverBorn() {
        RunningApp app = RunningApp.of(Unborn.class, directory).packed().set("limits.boot", "20s");
        try (app) {
            app.start();
            JsonNode failed = death(app, "Throws", "BOOT_FAIL", "", 65, 0, "no database", "Unborn$Throws.<init>");
            assertThat(failed.get("detail").asString()).isEqualTo("java.lang.IllegalStateException: no database");
            JsonNode deep = death(app, "Overflows", "BOOT_FAIL", "", 65, 0, "StackOverflowError", "Overflows.deeper");
            assertThat(deep.get("detail").asString()).contains("java.lang.StackOverflowError");
            JsonNode lack = death(app, "Lacks", "BOOT_FAIL", "", 65, 0, "NoClassDefFoundError", "Unborn$Lacks.<init>");
            assertThat(lack.get("detail").asString())
                    .isEqualTo("java.lang.NoClassDefFoundError: dev/muster/system/apps/Ledger");
            death(app, "Hangs", "BOOT_FAIL", "", NONE, 9, "not ready within 20", "Unborn$Hangs.<init>");
            assertThat(app.slot("Well").get("state").asString()).isEqualTo("RUNNING");
        }
    }

    @Test
    void ofWorkersNameTheirTask() throws IOException {
        RunningApp app = RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("jvm.task", "-Xmx48m");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String spin = queue.call("spin", "\"spin\"");
                JsonNode hang = death(app, "task", 1, "STUCK", "deadline", NONE, 9, spin, "Working.spinForEver");
                assertThat(hang.get("task").asString()).startsWith(spin);

                String hold = queue.call("hold", "\"hold\"");
                Patience.await("the task")
                        .until(() -> Ledger.texts(directory, "tasks").contains("hold"));
                app.signal("KILL", app.pid("task"));
                JsonNode killed = death(app, "task", 2, "SIGNAL", "", NONE, 9, hold);
                assertThat(killed.get("task").asString()).startsWith(hold);
                Path _ = Files.createFile(directory.resolve("release"));
                queue.awaitEnd(1, 1);

                String hoard = queue.call("hoard", "\"hoard\"");
                JsonNode full = death(app, "task", 3, "OOM", "", 3, 0, hoard, "Terminating due to");
                assertThat(full.get("task").asString()).startsWith(hoard);
                assertThat(full.get("detail").asString()).contains("OutOfMemoryError: Java heap space");
                assertThat(queue.awaitDead(hoard).reason()).isEqualTo("CRASHED");
                queue.awaitEnd(1, 2);
                // It buried the task while it booted; only when it is ready does the master know that.
                app.awaitState("task", "RUNNING");
            }
        }
    }

    private static JsonNode death(
            RunningApp app, String name, String reason, String kind, int code, int signal, String... inFile) {
        return death(app, name, 1, reason, kind, code, signal, inFile);
    }

    /// @param code -1 if a signal ended it
    /// @param signal 0 if none did
    /// @param inFile what the file of the death must hold
    private static JsonNode death(
            RunningApp app,
            String name,
            int number,
            String reason,
            String kind,
            int code,
            int signal,
            String... inFile) {
        JsonNode death = app.awaitDeath(name, number);
        exactly(death, reason, kind, code, signal);
        assertThat(death.get("dump").isNull()).as("no file for %s", death).isFalse();
        Path file = Path.of(death.get("dump").asString());
        try {
            assertThat(Files.readString(file, StandardCharsets.UTF_8))
                    .as("%s of %s", file, death)
                    .contains(inFile);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return death;
    }

    private static void exactly(JsonNode death, String reason, String kind, int code, int signal) {
        assertThat(death.get("reason").asString()).as("reason of %s", death).isEqualTo(reason);
        assertThat(death.has("kind") ? death.get("kind").asString() : "")
                .as("kind of %s", death)
                .isEqualTo(kind);
        assertThat(death.get("signal").isNull() ? 0 : death.get("signal").asInt())
                .as("signal of %s", death)
                .isEqualTo(signal);
        assertThat(death.get("code").isNull() ? NONE : death.get("code").asInt())
                .as("code of %s", death)
                .isEqualTo(code);
    }
}
