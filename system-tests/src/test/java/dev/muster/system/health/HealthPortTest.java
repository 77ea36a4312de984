package dev.muster.system.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Deaf;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.system.apps.Unbootable;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The console process and its answers to the probes of an orchestrator.
@Timeout(120)
@Tag("long")
class HealthPortTest {
    @TempDir
    Path directory;

    private RunningApp app(Class<?> main, int port) {
        return RunningApp.of(main, directory).packed(Ledger.class).set("health.port", Integer.toString(port));
    }

    private static void awaitAnswer(int port, String target, String beginning) {
        Patience.await(target + " to answer " + beginning)
                .until(() -> Ports.get(port, target), answer -> answer.startsWith(beginning));
    }

    @Test
    void answersAsTheApplicationIs() throws IOException {
        int port = Ports.free();
        try (RunningApp app = app(Ticking.class, port).start()) {
            awaitAnswer(port, "/readyz", "200 ready");
            assertThat(Ports.get(port, "/livez")).isEqualTo("200 alive");
            assertThat(Ports.get(port, "/startupz")).isEqualTo("200 started");
            assertThat(Ports.get(port, "/healthz"))
                    .contains("\"app\":\"Ticking\",\"health\":\"OK\"")
                    .contains("\"masterPid\":" + app.masterPid())
                    .contains("\"user\":{\"slots\":2,\"running\":2}");
            assertThat(app.slot("console").get("slot").asInt()).isZero();
            assertThat(app.slot("console").get("role").asString()).isEqualTo("console");
            assertThat(Files.readString(Path.of("/proc/" + app.pid("console") + "/cmdline")))
                    .startsWith("java_console\0");

            long killed = app.kill9("console");

            app.awaitReplaced("console", killed);
            awaitAnswer(port, "/readyz", "200 ready");
        }
    }

    @Test
    void aMasterThatStandsStillIsNotAlive() throws IOException {
        int port = Ports.free();
        try (RunningApp app = app(Ticking.class, port).start()) {
            awaitAnswer(port, "/livez", "200");
            app.signal("STOP", app.masterPid());
            try {
                awaitAnswer(port, "/livez", "503 the master did not answer within 2000 ms");
            } finally {
                app.signal("CONT", app.masterPid());
            }
            awaitAnswer(port, "/livez", "200 alive");
            awaitAnswer(port, "/readyz", "200 ready");
        }
    }

    @Test
    void aStopIsNotReadyAtOnceWhileTheWorkGoesOn() throws IOException {
        int port = Ports.free();
        try (RunningApp app = app(Deaf.class, port).start()) {
            awaitAnswer(port, "/readyz", "200");
            Patience.await("the run")
                    .until(() -> Ledger.texts(directory, "deaf").contains("run"));

            app.signal("TERM", app.masterPid());

            awaitAnswer(port, "/readyz", "503 STOPPING");
            assertThat(Ports.get(port, "/livez")).isEqualTo("200 alive");
            app.command("stop", Map.of("now", "true"));
            assertThat(app.awaitExit()).isZero();
            assertThat(Ports.get(port, "/livez")).isEqualTo("refused");
        }
    }

    @Test
    @SuppressWarnings("try") // the port becomes free in the middle
    void aPortThatIsTakenIsSaidAndTheRestGoesOn() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            try (RunningApp app = app(Ticking.class, port).start()) {
                assertThat(app.awaitDeath("console").get("reason").asString()).isEqualTo("BOOT_FAIL");
                assertThat(app.awaitDeath("console").get("detail").asString())
                        .contains("127.0.0.1 port " + port)
                        .contains("health.port");
                app.awaitState("Ticker", "RUNNING");
                Patience.await("degraded, but ready for work")
                        .until(
                                () -> app.command("health", Map.of()).body(),
                                body -> body.contains("console")
                                        && body.contains("\"health\":\"DEGRADED\"")
                                        && body.contains("\"ready\":true"));
                taken.close();
                awaitAnswer(port, "/readyz", "200 ready");
            }
        }
    }

    @Test
    void aConsoleThatIsUpDoesNotHideThatNothingElseCanBoot() throws IOException {
        try (RunningApp app = app(Unbootable.class, Ports.free()).launch()) {
            assertThat(app.awaitExit()).isEqualTo(65);
            assertThat(app.output()).contains("Broken failed to boot 3 times");
        }
    }
}
