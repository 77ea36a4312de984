package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reloads while clients that keep their connections post ids. `-Dmuster.reloads=100` for the campaign.
@Timeout(1_200)
class HttpReloadTest {
    private static final int RELOADS = Integer.getInteger("muster.reloads", 2);
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void choose() {
        port = WebApp.free();
    }

    private RunningApp serving() {
        return WebApp.serving(directory, port);
    }

    @Test
    void noReloadFailsARequestAndEachIsCarriedOutOnce() throws IOException {
        try (RunningApp app = serving().start()) {
            Load done;
            try (Load load = Load.on(port, CLIENTS)) {
                for (int i = 0; i < RELOADS; i++) {
                    load.awaitMore(10);
                    if (i == RELOADS / 2) {
                        Path broken = Files.createFile(directory.resolve("broken"));
                        Message.Reply refused = app.reload("");
                        assertThat(refused.exitCode()).isEqualTo(1);
                        assertThat(refused.body()).contains("the new code is broken");
                        Files.delete(broken);
                        load.awaitMore(10);
                    }
                    Message.Reply reply = app.reload("");
                    assertThat(reply.exitCode()).as(reply.body()).isZero();
                }
                load.awaitMore(10);
                done = load;
            }
            assertThat(done.failures()).isEmpty();
            List<String> noted = Ledger.texts(directory, "ids");
            Set<String> ids = new HashSet<>(noted);
            assertThat(noted).as("each id once").hasSize(ids.size());
            assertThat(ids.equals(done.answered()))
                    .as("what was answered is what was carried out")
                    .isTrue();
        }
    }

    /// Ten at once are two at most, and none of them fails a request.
    @Tag("long")
    @Test
    void reloadsThatComeTogetherBecomeTwo() throws IOException {
        try (RunningApp app = serving().start();
                Load load = Load.on(port, CLIENTS)) {
            load.awaitMore(10);
            List<CompletableFuture<Message.Reply>> reloads = IntStream.range(0, 10)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> app.reload(""), command -> Thread.ofPlatform().start(command)))
                    .toList();
            reloads.forEach(reload -> assertThat(reload.join().exitCode()).isZero());
            assertThat(app.slot("web#1").get("generation").asInt()).isBetween(2, 3);
            load.awaitMore(10);
            assertThat(load.failures()).isEmpty();
        }
    }

    @Tag("long")
    @Test
    void aRequestThatOutlastsTheDrainIsCutAndTheReloadGoesOn() throws Exception {
        try (RunningApp app =
                serving().set("limits.drain", "1s").set("spares.web", "0").start()) {
            KeepAliveClient client = new KeepAliveClient(port);
            CompletableFuture<String> held = CompletableFuture.supplyAsync(
                    () -> {
                        try (client) {
                            return client.post("/hold", "").toString();
                        } catch (IOException e) {
                            return e.toString();
                        }
                    },
                    command -> Thread.ofPlatform().start(command));
            Patience.await("the request")
                    .until(() -> !Ledger.texts(directory, "held").isEmpty());
            assertThat(app.reload("").exitCode()).isZero();
            assertThat(held.get()).contains("closed instead of an answer");
            assertThat(app.deaths())
                    .as("an orderly end was not to be had")
                    .anySatisfy(death -> assertThat(death.get("signal").asInt()).isEqualTo(9));
            try (KeepAliveClient next = new KeepAliveClient(port)) {
                assertThat(next.post("/", "x").status()).isEqualTo(200);
            }
        }
    }
}
