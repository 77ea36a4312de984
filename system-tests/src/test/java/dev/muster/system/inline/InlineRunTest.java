package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.OneJvm;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A program whose whole application is its one JVM.
@Timeout(120)
class InlineRunTest {
    @TempDir
    Path directory;

    @Test
    void saysWhatItIsAndStopsOnTerm() throws Exception {
        Path classes = directory.resolve("classes.log");
        RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .option("-Dmuster.inline=true")
                .option("-Xlog:class+load:file=" + classes);
        try (app) {
            app.start();
            assertThat(app.processes()).containsExactly(app.masterPid());
            assertThat(app.ps()).isNotEmpty().allSatisfy(row -> {
                assertThat(row.get("pid").asLong()).isEqualTo(app.masterPid());
                assertThat(row.get("state").asString()).isEqualTo("RUNNING");
            });
            assertThat(app.command("health", Map.of()).body()).contains("\"health\":\"OK\"");
            assertThat(app.output()).contains("without kill and without isolation");
            Message.Reply kill = app.command("kill", Map.of("slot", "0"));
            assertThat(kill.exitCode()).isEqualTo(2);
            assertThat(kill.body()).contains("inline");
            app.signal("TERM", app.masterPid());
            assertThat(app.awaitExit()).isZero();
        }
        assertThat(Files.readString(classes))
                .as("no native call of ours: its class was never loaded")
                .contains("dev.muster.inline.InlineMaster ")
                .doesNotContain("dev.muster.os.Native ");
    }

    @Test
    void anExitByUserCodeEndsEverythingInOrder() {
        RunningApp app = RunningApp.of(OneJvm.class, directory)
                .packed()
                .set("tasks.workers", "1")
                .option("-Dmuster.inline=true");
        try (app) {
            app.start();
            try (TaskQueue queue = TaskQueue.of(app)) {
                String _ = queue.call("exit", "5");
                assertThat(app.awaitExit()).isEqualTo(5);
                assertThat(app.output()).contains("System.exit").contains("Ticker ended: REQUESTED");
                assertThat(queue.counts().running())
                        .as("kept for the next start")
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aCommandStopsItAndAMasterCannotStartBesideIt() {
        RunningApp app = RunningApp.of(OneJvm.class, directory).packed().option("-Dmuster.inline=true");
        try (app) {
            app.start();
            assertThat(app.command("stop", Map.of("slot", "Ticker")).exitCode()).isZero();
            app.awaitState("Ticker", "STOPPED");
            RunningApp second = RunningApp.of(OneJvm.class, directory).packed().launch();
            assertThat(second.awaitExit()).isEqualTo(69);
            assertThat(app.stop()).isZero();
        }
    }
}
