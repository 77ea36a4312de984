package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that all come at once, and stay.
@Timeout(240)
class SpreadTest {
    private static final int CLIENTS = 100;

    @TempDir
    Path directory;

    @Test
    void aBurstIsSpreadOverTheWorkersAndNobodyWaitsForAFrozenOne() throws IOException {
        int port = WebApp.free();
        List<KeepAliveClient> clients = IntStream.range(0, CLIENTS)
                .mapToObj(_ -> new KeepAliveClient(port))
                .toList();
        try (RunningApp app = WebApp.serving(directory, port).start()) {
            List<CompletableFuture<Long>> answers = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(() -> worker(client), Thread.ofVirtual()::start))
                    .toList();
            long first = app.pid("web#1");
            int share = Math.toIntExact(
                    answers.stream().filter(answer -> answer.join() == first).count());
            assertThat(share).as("of the first of two workers").isBetween(40, 60);
            assertThat(connections(app, "web#1")).isEqualTo(share);
            assertThat(connections(app, "web#2")).isEqualTo(CLIENTS - share);

            app.signal("STOP", first);
            Patience.await("all of its threads to stand still").until(() -> WebApp.stopped(first));
            try (KeepAliveClient late = new KeepAliveClient(port)) {
                assertThat(worker(late)).isEqualTo(app.pid("web#2"));
            }
            app.signal("CONT", first);
        } finally {
            for (KeepAliveClient client : clients) {
                client.close();
            }
        }
    }

    private static long worker(KeepAliveClient client) {
        try {
            return Long.parseLong(client.post("/", "x").body().split(" ", -1)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int connections(RunningApp app, String name) {
        return app.slot(name).get("connections").asInt();
    }
}
