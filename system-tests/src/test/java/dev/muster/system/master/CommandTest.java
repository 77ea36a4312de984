package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Deaf;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The verbs of the command line against a process that does not cooperate.
@Timeout(60)
class CommandTest {
    @TempDir
    Path directory;

    @Test
    void eachIsAnsweredWhenItIsTrue() throws IOException {
        RunningApp app = RunningApp.of(Deaf.class, directory)
                .packed(Ledger.class)
                .set("processes.Deaf.instances", "2")
                .start();
        try (app) {
            Patience.await("the runs")
                    .until(() -> Ledger.texts(directory, "deaf").size() == 2);

            Message.Reply dump = app.command("dump", Map.of("slot", "Deaf#1"));
            assertThat(dump.exitCode()).isZero();
            assertThat(Files.readString(Path.of(dump.body()))).contains("what   Deaf#1");
            assertThat(evidence(app)).as("virtual threads too").contains("dev.muster.system.apps.Deaf.listenToNobody");

            long killed = app.pid("Deaf#1");
            Message.Reply kill = app.command("kill", Map.of("slot", "Deaf#1"));
            assertThat(kill.exitCode()).isZero();
            assertThat(kill.body()).isEqualTo("killed Deaf#1 (pid " + killed + ")");
            assertThat(Files.exists(Path.of("/proc", Long.toString(killed)))).isFalse();
            app.awaitReplaced("Deaf#1", killed);
            var death = app.awaitDeath("Deaf#1");
            assertThat(death.get("reason").asString()).isEqualTo("REQUESTED");

            Message.Reply unclear = app.command("kill", Map.of("slot", "Deaf"));
            assertThat(unclear.exitCode()).isEqualTo(1);
            assertThat(unclear.body()).contains("Deaf#1").contains("Deaf#2");
            Message.Reply nobody = app.command("restart", Map.of("slot", "Def"));
            assertThat(nobody.exitCode()).isEqualTo(1);
            assertThat(nobody.body()).contains("there is no slot 'Def'").contains("Deaf#2");
            assertThat(app.command("deaths", Map.of("slot", "Deaf#2")).body()).isEqualTo("[]");
            assertThat(app.command("frobnicate", Map.of()).exitCode()).isEqualTo(2);

            assertThat(app.command("stop", Map.of("now", "true")).exitCode()).isZero();
            assertThat(app.awaitExit()).isZero();
        }
    }

    /// All evidence that is kept.
    private static String evidence(RunningApp app) throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.newDirectoryStream(app.runDir().resolve("dumps"))) {
            for (Path file : files) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
