package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A user process pushes to the WebSockets of two web workers.
@Timeout(240)
class PushTest {
    private static final int SOCKETS = 16;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void choose() {
        port = WebApp.free();
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        client.close();
    }

    private RunningApp serving() {
        return WebApp.serving(directory, port);
    }

    private List<Listening> open(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Listening.on(client, port, i == 0 ? "/?user=ada" : "/"))
                .toList();
    }

    private static void awaitPushes(List<Listening> all) {
        all.forEach(one -> one.texts().clear());
        Patience.await("pushes to all").until(() -> all.stream().allMatch(one -> one.heard("all ")));
    }

    @Test
    void pushesReachAllAndThoseOfAUserHerAlone() {
        try (RunningApp _ = serving().start()) {
            List<Listening> all = open(SOCKETS);
            awaitPushes(all);
            Patience.await("pushes to ada").until(() -> all.getFirst().heard("ada "));
            assertThat(all.subList(1, SOCKETS)).noneMatch(one -> one.heard("ada "));
        }
    }

    @Tag("long")
    @Test
    void aReloadEndsThemWith1012AndThosePushedToAreThoseThatAreBack() {
        try (RunningApp app = serving().start()) {
            List<Listening> before = open(SOCKETS);
            awaitPushes(before);
            assertThat(app.reload("web").exitCode()).isZero();
            assertThat(before).allMatch(one -> one.code() == 1012);
            awaitPushes(open(SOCKETS));
            List<String> events = Ledger.texts(directory, "events");
            List<String> closed = new ArrayList<>();
            events.stream()
                    .filter(event -> event.startsWith("close "))
                    .forEach(event -> closed.add(event.replace("close", "open")));
            assertThat(closed).as("each of them, once").hasSize(SOCKETS).doesNotHaveDuplicates();
            assertThat(events).containsAll(closed);
        }
    }

    @Tag("long")
    @Test
    void aWorkerThatIsKilledTakesItsOwnWithItAndNoOther() {
        try (RunningApp app = serving().start()) {
            List<Listening> all = open(SOCKETS);
            awaitPushes(all);
            long killed = app.kill9("web#1");
            JsonNode _ = app.awaitReplaced("web#1", killed);
            Patience.await("some to be lost").until(() -> all.stream().anyMatch(Listening::over));
            List<Listening> left = all.stream().filter(one -> !one.over()).toList();
            assertThat(left).as("both workers had some").isNotEmpty().hasSizeLessThan(SOCKETS);
            awaitPushes(left);
            assertThat(left).noneMatch(Listening::over);
            awaitPushes(open(SOCKETS));
            assertThat(app.ps())
                    .filteredOn(row -> row.get("role").asString().equals("user"))
                    .allSatisfy(row -> assertThat(row.get("restarts").asInt()).isZero());
        }
    }
}
