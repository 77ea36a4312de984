package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reloads of web workers: with the same port, with another one, and with none.
@Timeout(240)
@Tag("long")
class ReloadedPortTest {
    @TempDir
    Path directory;

    private int port;
    private int other;

    @SuppressWarnings("NullAway.Init")
    private RunningApp app;

    @BeforeEach
    void configure() {
        port = WebApp.free();
        other = WebApp.free();
        app = WebApp.in(directory).set("limits.shutdownDelay", "0");
        configure(port, 2);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private void configure(int number, int workers) {
        WebApp.configure(directory, "127.0.0.1", number, workers);
    }

    @Test
    void noConnectionIsLostWhileAllWorkersAreReplaced() throws IOException {
        app.start();
        long before = app.pid("web#1");
        CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload(""));
        int answers = 0;
        while (!reload.isDone()) {
            assertThat(WebApp.ask(port)).isPositive();
            answers++;
        }
        assertThat(reload.join().exitCode()).as(reload.join().body()).isZero();
        assertThat(answers).isPositive();
        assertThat(app.pid("web#1")).isNotEqualTo(before);
    }

    @Test
    void anotherPortIsServedByTheNewGenerationAndTheOldOneIsGivenUp() throws IOException {
        app.start();
        configure(other, 3);
        Message.Reply reply = app.reload("");
        assertThat(reply.exitCode()).as(reply.body()).isZero();
        assertThat(app.slot("web#1").get("generation").asInt()).isEqualTo(2);
        assertThat(WebApp.ask(other)).isPositive();
        Patience.await("the old port to be closed").until(() -> WebApp.refused(port));
        app.awaitState("web#3", "RUNNING");

        configure(port, 3);
        assertThat(app.reload("").exitCode()).isZero();
        assertThat(WebApp.ask(port)).isPositive();
        Patience.await("the port to be closed").until(() -> WebApp.refused(other));
    }

    @Test
    void aPortThatIsTakenChangesNothing() throws IOException {
        app.start();
        long before = app.pid("web#1");
        try (ServerSocket taken = new ServerSocket(other, 8, InetAddress.getLoopbackAddress())) {
            configure(taken.getLocalPort(), 2);
            Message.Reply reply = app.reload("");
            assertThat(reply.exitCode()).isEqualTo(1);
            assertThat(reply.body())
                    .startsWith("nothing was changed: cannot listen on 127.0.0.1 port " + other)
                    .contains("is taken by process " + ProcessHandle.current().pid());
        }
        assertThat(app.pid("web#1")).isEqualTo(before);
        assertThat(app.deaths()).isEmpty();
        assertThat(WebApp.ask(port)).isPositive();
    }

    @Test
    void anUndoneReloadGivesTheNewPortBack() throws IOException {
        app.start();
        configure(other, 2);
        Path broken = Files.createFile(directory.resolve("broken"));
        Message.Reply reply = app.reload("");
        assertThat(reply.exitCode()).isEqualTo(1);
        assertThat(reply.body())
                .contains("did not become ready with the new code")
                .contains("the server is broken");
        Patience.await("the new port to be closed").until(() -> WebApp.refused(other));
        assertThat(WebApp.ask(port)).isPositive();

        Files.delete(broken);
        assertThat(app.reload("").exitCode()).isZero();
        assertThat(WebApp.ask(other)).isPositive();
        Patience.await("the old port to be closed").until(() -> WebApp.refused(port));
    }

    @Test
    void webWorkersComeAndGoByAReload() throws IOException {
        configure(0, 2);
        app.set("tasks.workers", "1").start();
        assertThat(WebApp.refused(port)).isTrue();

        configure(port, 2);
        assertThat(app.reload("").exitCode()).isZero();
        app.awaitState("web#2", "RUNNING");
        assertThat(WebApp.ask(port)).isPositive();

        configure(0, 2);
        assertThat(app.reload("").exitCode()).isZero();
        app.awaitState("web#1", "STOPPED");
        Patience.await("the port to be closed").until(() -> WebApp.refused(port));

        configure(port, 2);
        assertThat(app.reload("").exitCode()).isZero();
        app.awaitState("web#1", "RUNNING");
        assertThat(WebApp.ask(port)).isPositive();
    }
}
