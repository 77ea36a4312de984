package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Web workers whose server the application brings: Jetty.
@Timeout(240)
@Tag("long")
class OwnServerTest {
    private static final int VISITORS = 6;

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void configure() {
        port = WebApp.free();
    }

    private RunningApp app() {
        return BroughtServer.in(directory, "JettyServer")
                .set("server.host", "127.0.0.1")
                .set("server.port", Integer.toString(port))
                .set("server.workers", "2")
                .set("limits.shutdownDelay", "0");
    }

    /// The workers that serve connections, by asking until all have.
    private Set<Long> seen(int number) {
        Set<Long> seen = new HashSet<>();
        Patience.await(number + " workers to answer").until(() -> {
            try (Visitor visitor = new Visitor(port)) {
                seen.add(Long.parseLong(visitor.get("/")));
            }
            return seen.size() >= number;
        });
        return seen;
    }

    @Test
    void noRequestFailsWhileAllWorkersAreReplaced() throws Exception {
        try (RunningApp app = app().start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Set<Long> before = seen(2);
            assertThat(before).containsExactlyInAnyOrder(app.pid("web#1"), app.pid("web#2"));

            AtomicBoolean over = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(VISITORS);
            List<Future<Integer>> visits = new ArrayList<>();
            try {
                for (int i = 0; i < VISITORS; i++) {
                    visits.add(threads.submit(() -> visit(begun, over)));
                }
                begun.await();
                Future<String> slow = threads.submit(() -> {
                    try (Visitor visitor = new Visitor(port)) {
                        return visitor.get("/wait");
                    }
                });
                Patience.await("the slow request")
                        .until(() -> Ledger.read(directory, "requests").size() == 1);
                CompletableFuture<Message.Reply> reload = CompletableFuture.supplyAsync(() -> app.reload(""));
                Patience.await("a worker of the new generation")
                        .until(() -> app.slot("web#1").get("generation").asInt() == 2);
                var _ = Files.createFile(directory.resolve("go"));
                assertThat(reload.join().exitCode()).as(reload.join().body()).isZero();
                assertThat(before).contains(Long.parseLong(slow.get()));
            } finally {
                over.set(true);
            }
            for (Future<Integer> visit : visits) {
                assertThat(visit.get()).as("requests, none of which failed").isGreaterThan(1);
            }
            assertThat(seen(2))
                    .containsExactlyInAnyOrder(app.pid("web#1"), app.pid("web#2"))
                    .doesNotContainAnyElementsOf(before);
        }
        assertThat(WebApp.refused(port)).isTrue();
    }

    private int visit(CountDownLatch begun, AtomicBoolean over) throws IOException {
        int answers = 0;
        try (Visitor visitor = new Visitor(port)) {
            while (!over.get()) {
                assertThat(visitor.get("/")).isNotEmpty();
                if (++answers == 1) {
                    begun.countDown();
                }
            }
        }
        return answers;
    }

    @Test
    void theOtherOneGoesOnWhenOneIsKilled() throws IOException {
        try (RunningApp app = app().start();
                Visitor staying = new Visitor(port)) {
            seen(2);
            long survivor = Long.parseLong(staying.get("/"));
            String killed = survivor == app.pid("web#1") ? "web#2" : "web#1";
            long dead = app.kill9(killed);
            assertThat(staying.get("/")).isEqualTo(Long.toString(survivor));
            long heir = app.awaitReplaced(killed, dead).get("pid").asLong();
            assertThat(seen(2)).containsExactlyInAnyOrder(survivor, heir);
            assertThat(staying.get("/")).isEqualTo(Long.toString(survivor));
        }
    }

    @Test
    void aRequestThatTakesTooLongEndsWithItsProcess() throws IOException {
        try (RunningApp app = app().set("server.requestTimeout", "1s").start();
                Visitor visitor = new Visitor(port)) {
            try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
                var _ = thread.submit(() -> visitor.get("/hang"));
                Patience.await("a death").until(() -> !app.deaths().isEmpty());
            }
            assertThat(app.deaths()).singleElement().satisfies(death -> {
                assertThat(death.get("reason").asString()).isEqualTo("STUCK");
                assertThat(death.get("kind").asString()).isEqualTo("deadline");
                assertThat(death.get("task").asString()).endsWith(" GET /hang");
            });
            seen(2);
        }
    }

    @Test
    void twoServersOfTheApplicationStopTheStart() throws IOException {
        try (RunningApp app =
                BroughtServer.in(directory, "JettyServer", "Answering").set("server.port", Integer.toString(port))) {
            assertThat(app.launch().awaitExit()).isEqualTo(65);
            assertThat(app.output())
                    .contains("the application brings more than one HTTP server: "
                            + "dev.muster.system.apps.JettyServer$Provider, "
                            + "dev.muster.system.apps.Answering$Provider; leave one jar out");
        }
    }
}
