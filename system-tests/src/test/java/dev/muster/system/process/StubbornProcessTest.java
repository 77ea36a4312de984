package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Stubborn;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that ignore an order and SIGTERM, one of them for ever inside a shutdown hook: the ladder ends in SIGKILL.
@Timeout(60)
class StubbornProcessTest {
    @TempDir
    Path directory;

    @Test
    void theLadderEndsInKill() {
        try (RunningApp app = RunningApp.of(Stubborn.class, directory)
                .packed(Ledger.class)
                .set("limits.drain", "200ms")
                .start()) {
            Patience.await("both hang")
                    .until(() -> Ledger.texts(directory, "hook").contains("in the hook")
                            && Ledger.texts(directory, "deaf").contains("run"));
            long hook = app.pid("HungHook");
            long deaf = app.pid("Deaf");

            CompletableFuture<Message.Reply> first =
                    CompletableFuture.supplyAsync(() -> app.command("restart", Map.of("slot", "HungHook")));
            Message.Reply second = app.command("restart", Map.of("slot", "Deaf"));

            assertThat(first.join().exitCode()).as(first.join().body()).isZero();
            assertThat(second.exitCode()).as(second.body()).isZero();
            assertKilled(app, "HungHook", hook);
            assertKilled(app, "Deaf", deaf);
            assertThat(Ledger.texts(directory, "deaf")).contains("TERM");
        }
    }

    private static void assertKilled(RunningApp app, String name, long former) {
        var death = app.awaitDeath(name);
        assertThat(death.get("pid").asLong()).isEqualTo(former);
        assertThat(death.get("signal").asInt()).isEqualTo(9);
        assertThat(death.get("reason").asString()).isEqualTo("REQUESTED");
        assertThat(app.slot(name).get("state").asString()).isEqualTo("RUNNING");
        assertThat(app.pid(name)).isNotEqualTo(former);
    }
}
