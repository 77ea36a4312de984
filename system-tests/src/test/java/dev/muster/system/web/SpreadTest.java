package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that all come at once, and stay.
@Timeout(240)
class SpreadTest {
    private static final int AHEAD = 20;

    @TempDir
    Path directory;

    @Test
    void whoeverHasMoreLeavesTheNextToTheOtherAndNobodyWaitsForAFrozenOne() throws IOException {
        int port = WebApp.free();
        List<KeepAliveClient> clients = new ArrayList<>();
        try (RunningApp app = WebApp.serving(directory, port).start()) {
            long second = app.pid("web#2");
            app.signal("STOP", second);
            Patience.await("all of its threads to stand still").until(() -> WebApp.stopped(second));
            for (int i = 0; i < AHEAD; i++) {
                assertThat(connect(port, clients)).isEqualTo(app.pid("web#1"));
            }
            app.signal("CONT", second);

            // By chance each would take every other one, and the first would keep its lead. On a busy machine the other
            // misses many turns, after each of which it is waited for more seldom.
            int more = 0;
            while (connections(app, "web#2") < connections(app, "web#1") - 1) {
                assertThat(++more).as("connections until they are even").isLessThan(50 * AHEAD);
                long _ = connect(port, clients);
            }
            assertThat(connections(app, "web#1") + connections(app, "web#2")).isEqualTo(clients.size());
        } finally {
            for (KeepAliveClient client : clients) {
                client.close();
            }
        }
    }

    /// @return the pid of the worker that has taken one more connection
    private static long connect(int port, List<KeepAliveClient> clients) {
        KeepAliveClient client = new KeepAliveClient(port);
        clients.add(client);
        return worker(client);
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
