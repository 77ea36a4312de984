package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The socket that the master holds outlives the processes that accept from it.
@Timeout(240)
class SharedSocketTest {
    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void configure() {
        port = WebApp.free();
        WebApp.configure(directory, "127.0.0.1", port, 2);
    }

    @Test
    void whatWaitsIsServedByTheReplacementsOfAllWorkersThatWereKilled() throws IOException {
        try (RunningApp app = WebApp.in(directory).start()) {
            Set<Long> killed = new HashSet<>();
            for (int slot = 1; slot <= 2; slot++) {
                long pid = app.pid("web#" + slot);
                app.signal("STOP", pid);
                killed.add(pid);
                Patience.await("all of its threads to stand still").until(() -> WebApp.stopped(pid));
            }
            try (Socket early = WebApp.connect(port)) {
                for (long pid : killed) {
                    app.signal("KILL", pid);
                }
                try (Socket late = WebApp.connect(port)) {
                    assertThat(killed).doesNotContain(WebApp.server(early), WebApp.server(late));
                }
            }
            assertThat(app.awaitDeath("web#1").get("signal").asInt()).isEqualTo(9);
            assertThat(app.awaitReplaced("web#2", 0).get("role").asString()).isEqualTo("web");
            assertThat(Files.readString(Path.of("/proc/" + app.pid("web#2") + "/cmdline")))
                    .startsWith("java_web_worker:1\0");
        }
        assertThat(WebApp.refused(port)).isTrue();
    }

    @Tag("long")
    @Test
    void theNextMasterHasThePortAtOnceWhenTheFirstWasKilled() throws IOException {
        // A task worker gives back what the dead may have left behind.
        try (RunningApp app = WebApp.in(directory).set("tasks.workers", "1").start()) {
            long before = app.pid("web#1");
            app.signal("KILL", app.masterPid());
            int _ = app.awaitExit();
            app.start();
            assertThat(WebApp.ask(port)).isNotEqualTo(before).isPositive();
        }
    }

    /// Anybody else could do nothing with it but keep the port busy.
    @Test
    @Tag("long")
    void onlyWebWorkersHaveIt() throws IOException {
        try (RunningApp app = WebApp.in(directory).set("tasks.workers", "1").start()) {
            app.awaitState("task", "RUNNING");
            String socket = Files.readSymbolicLink(Path.of("/proc/" + app.pid("web#1") + "/fd/0"))
                    .toString();
            assertThat(socket).startsWith("socket:[");
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + app.pid("web#2") + "/fd/0")))
                    .hasToString(socket);
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + app.pid("task") + "/fd/0")))
                    .hasToString("/dev/null");
            try (var descriptors = Files.list(Path.of("/proc/" + app.pid("task") + "/fd"))) {
                assertThat(descriptors.map(SharedSocketTest::target)).doesNotContain(socket);
            }
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return "";
        }
    }

    @Tag("long")
    @Test
    void theyAreScaledPausedRestartedAndHeldInReserveLikeOtherWorkers() throws IOException {
        try (RunningApp app = WebApp.in(directory).set("spares.web", "1").start()) {
            Message.Reply three = app.scale("web", 3);
            assertThat(three.body()).isEqualTo("web has 3 processes");
            app.awaitState("web#3", "RUNNING");
            assertThat(app.scale("web", 1).body()).isEqualTo("web has 1 processes");
            assertThat(WebApp.ask(port)).isEqualTo(app.pid("web#1"));

            assertThat(app.pause("web").exitCode()).isZero();
            try (Socket waiting = WebApp.connect(port)) {
                assertThat(app.slot("web#1").get("state").asString()).isEqualTo("READY");
                assertThat(app.resume("web").exitCode()).isZero();
                assertThat(WebApp.server(waiting)).isEqualTo(app.pid("web#1"));
            }

            long before = app.pid("web#1");
            assertThat(app.command("restart", Map.of("slot", "web#1")).exitCode())
                    .isZero();
            long after = app.awaitReplaced("web#1", before).get("pid").asLong();
            assertThat(WebApp.ask(port)).isEqualTo(after);

            JsonNode spare = app.awaitState("web~1", "READY");
            long killed = app.kill9("web#1");
            long taken = app.awaitReplaced("web#1", killed).get("pid").asLong();
            assertThat(taken).isEqualTo(spare.get("pid").asLong());
            Patience.await("the spare to answer").until(() -> WebApp.ask(port) == taken);
        }
    }

    @Tag("long")
    @Test
    void theLowestWebWorkerHearsOfTheApplication() {
        try (RunningApp app = WebApp.in(directory).set("tasks.workers", "1").start()) {
            app.awaitState("web#1", "RUNNING");
            app.awaitState("task", "RUNNING");
            app.kill9("web#2");
            Patience.await("the end of the other")
                    .until(() -> Ledger.texts(directory, "events").contains("error of web#2 in 0"));
            app.awaitReplaced("web#2", 0);
        }
        List<String> events = Ledger.texts(directory, "events");
        assertThat(events).filteredOn(event -> event.startsWith("worker start")).hasSize(4);
        assertThat(events.subList(events.indexOf("shutdown in 0") + 1, events.size()))
                .containsExactlyInAnyOrder("worker stop in 0", "worker stop in 1", "worker stop in 2");
    }

    /// Degraded mode: nothing can be handed over.
    @Tag("long")
    @Test
    void withoutNativeCallsEachWorkerListensForItself() throws IOException {
        try (RunningApp app = WebApp.in(directory).set("run.native", "off").start()) {
            Set<Long> seen = new HashSet<>();
            Patience.await("both to answer").until(() -> {
                seen.add(WebApp.ask(port));
                return seen.size() == 2;
            });
            assertThat(app.output().lines().filter(line -> line.contains("SO_REUSEPORT")))
                    .singleElement()
                    .asString()
                    .contains("WARN")
                    .contains("connections that wait at a worker that ends are reset");
        }
    }
}
