package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Web workers that die, hang or are stopped while clients go on. `-Dmuster.kills=30` for the campaign.
@Timeout(1_200)
class HttpFaultTest {
    private static final int KILLS = Integer.getInteger("muster.kills", 2);
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

    private CompletableFuture<String> request(String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (KeepAliveClient client = new KeepAliveClient(port)) {
                        return Integer.toString(client.post(path, "x").status());
                    } catch (IOException e) {
                        return e.toString();
                    }
                },
                command -> Thread.ofPlatform().start(command));
    }

    /// A client has one request in flight: of each kill it fails one at most, and no connection is refused.
    @Test
    void aKillFailsOnlyWhatItsWorkerHadInFlight() {
        try (RunningApp app = serving().set("spares.web", "1").start()) {
            app.awaitState("web~1", "READY");
            int failed;
            Load done;
            try (Load load = Load.on(port, CLIENTS)) {
                for (int i = 0; i < KILLS; i++) {
                    load.awaitMore(20);
                    String name = "web#" + (1 + i % 2);
                    long killed = app.kill9(name);
                    JsonNode _ = app.awaitReplaced(name, killed);
                    app.awaitState("web~1", "READY");
                }
                load.awaitMore(20);
                done = load;
            }
            failed = done.failures().size();
            assertThat(failed).as("%s", done.failures()).isLessThanOrEqualTo(KILLS * CLIENTS);
            assertThat(done.failures()).noneMatch(failure -> failure.contains("refused"));
            // What was answered was carried out; what failed may have been.
            Set<String> noted = new HashSet<>(Ledger.texts(directory, "ids"));
            // As sets: there are hundreds of thousands in a campaign.
            Set<String> missing = new HashSet<>(done.answered());
            missing.removeAll(noted);
            assertThat(missing).isEmpty();
            assertThat(noted.size() - done.answered().size()).isLessThanOrEqualTo(failed);
        }
    }

    @Test
    @Tag("long")
    void aRequestOverItsLimitEndsItsWorkerAndTheOthersInItEndWell() throws Exception {
        try (RunningApp app = serving()
                .set("server.workers", "1")
                .set("spares.web", "1")
                .set("server.requestTimeout", "3s")
                .start()) {
            app.awaitState("web~1", "READY");
            CompletableFuture<String> hung = request("/hang");
            Patience.await("the loop")
                    .until(() -> Ledger.texts(directory, "held").contains("hang"));
            // The sibling has time left when that of the loop is over.
            long begun = Ledger.read(directory, "held").getFirst().nanos();
            Patience.await("half of the limit")
                    .until(() -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(1_500));
            CompletableFuture<String> held = request("/hold?sibling");
            Patience.await("the sibling")
                    .until(() -> Ledger.texts(directory, "held").contains("sibling"));
            long condemned = app.pid("web");
            Patience.await("the spare to take over").until(() -> app.pid("web") != condemned);
            Path _ = Files.createFile(directory.resolve("release"));
            assertThat(held.get()).isEqualTo("200");
            assertThat(hung.get()).contains("closed instead of an answer");
            JsonNode death = app.awaitDeath("web");
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("deadline");
            assertThat(death.get("task").asString()).contains("POST /hang");
            assertThat(Files.readString(Path.of(death.get("dump").asString()))).contains("Serving$Pages.onRequest");
            assertThat(request("/").get()).isEqualTo("200");
        }
    }

    @Tag("long")
    @Test
    void aStoppedWorkerIsReplacedWhileTheOthersServe() throws Exception {
        try (RunningApp app = serving().set("limits.silence", "2s").start()) {
            long stopped = app.pid("web#1");
            app.signal("STOP", stopped);
            JsonNode death = app.awaitDeath("web#1");
            assertThat(death.get("reason").asString()).isEqualTo("STUCK");
            assertThat(death.get("kind").asString()).isEqualTo("stopped");
            JsonNode _ = app.awaitReplaced("web#1", stopped);
            assertThat(request("/").get()).isEqualTo("200");
        }
    }

    /// What it cannot accept waits, without its looking for it all the time, and is served when there is room.
    @Test
    @Tag("long")
    void aWorkerWithoutFreeDescriptorsPausesAndGoesOn() throws Exception {
        try (RunningApp app = serving()
                .set("server.workers", "1")
                .set("resources.web.openFiles", "200")
                .start()) {
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 250; i++) {
                    clients.add(WebApp.connect(port));
                }
                app.awaitOutput("cannot accept a connection (Too many open files)");
                long pid = app.pid("web");
                Duration before = processorTime(pid);
                app.awaitOutput("for this one in 1000 ms");
                assertThat(processorTime(pid).minus(before)).isLessThan(Duration.ofMillis(700));
                CompletableFuture<String> late = request("/");
                for (Socket client : clients) {
                    client.close();
                }
                assertThat(late.get()).isEqualTo("200");
                assertThat(app.pid("web")).as("it lives on").isEqualTo(pid);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    /// From outside: it ends in order, and nobody fails.
    @Tag("long")
    @Test
    void aTermFromOutsideDrains() {
        try (RunningApp app = serving().start()) {
            Load done;
            try (Load load = Load.on(port, CLIENTS)) {
                load.awaitMore(20);
                long pid = app.pid("web#1");
                app.signal("TERM", pid);
                JsonNode _ = app.awaitReplaced("web#1", pid);
                load.awaitMore(20);
                done = load;
            }
            assertThat(done.failures()).isEmpty();
            assertThat(app.awaitDeath("web#1").get("reason").asString()).isEqualTo("SIGNAL");
        }
    }

    /// All are to be recycled at once; they go one after the other, and nobody fails.
    @Tag("long")
    @Test
    void workersThatHaveDoneEnoughAreRecycledOneByOne() {
        try (RunningApp app = serving().set("recycle.web.units", "500").start()) {
            Load done;
            try (Load load = Load.on(port, CLIENTS)) {
                Patience.await("both recycled")
                        .until(() -> app.deaths().stream()
                                        .filter(death ->
                                                death.get("reason").asString().equals("RECYCLE"))
                                        .map(death -> death.get("name").asString())
                                        .distinct()
                                        .count()
                                == 2);
                load.awaitMore(20);
                done = load;
            }
            assertThat(done.failures()).isEmpty();
        }
    }
}
