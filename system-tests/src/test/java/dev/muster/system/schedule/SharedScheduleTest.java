package dev.muster.system.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.postgres.TestServer;
import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Timed;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two masters with two workers each serve the same schedules from one store, while the workers that do so are killed.
@Timeout(240)
@Tag("long")
class SharedScheduleTest {
    private static final String SERVES = "it serves the schedules all, once";

    @TempDir
    Path directory;

    /// One that finds its store by these values of the configuration.
    private RunningApp node(String name, Map<String, String> store) throws IOException {
        RunningApp app = RunningApp.of(Timed.class, Files.createDirectory(directory.resolve(name)))
                .packed(Ledger.class)
                .set("limits.silence", "20s");
        store.forEach(app::set);
        return app;
    }

    @Test
    void eachInstantIsServedOnceFromAFile() throws IOException {
        assertOnce(8, Map.of("tasks.sqlite.file", directory.resolve("queue.db").toString()));
    }

    @Test
    void eachInstantIsServedOnceFromAServer() throws IOException {
        try (TestServer server = TestServer.start(directory)) {
            assertOnce(3, Map.of("tasks.broker", "postgres", "tasks.postgres.url", server.url()));
        }
    }

    /// The worker of an application that serves the schedules.
    private static String keeper(RunningApp app) {
        return Patience.await("somebody who serves")
                .until(
                        () -> List.of("hands#1", "hands#2").stream()
                                .filter(name -> app.why(name).contains(SERVES))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private void assertOnce(int kills, Map<String, String> store) throws IOException {
        try (RunningApp one = node("one", store).start();
                RunningApp two = node("two", store).start()) {
            Instants instants = Instants.in(one.directory(), two.directory());
            for (int kill = 0; kill < kills; kill++) {
                awaitFurther(instants, 2);
                RunningApp victim = kill % 2 == 0 ? one : two;
                String keeper = keeper(victim);
                if (kill % 4 < 2) {
                    long _ = victim.kill9(keeper);
                } else {
                    // A process that wakes up and goes on as if no time had passed.
                    long pid = victim.pid(keeper);
                    victim.signal("STOP", pid);
                    int before = instants.of("all").size();
                    // If it holds the lock of the file, the others wait until its master kills it.
                    Patience.await("three instants without it, or its end")
                            .until(() -> instants.of("all").size() >= before + 3 || victim.pid(keeper) != pid);
                    if (victim.pid(keeper) == pid) {
                        victim.signal("CONT", pid);
                    }
                }
            }
            awaitFurther(instants, 3);
            assertThat(one.stop()).isZero();
            assertThat(two.stop()).isZero();
            assertOnce(one, instants, kills, store);
        }
    }

    /// Waits until so many more instants of each schedule were worked on.
    private static void awaitFurther(Instants instants, int count) {
        for (String schedule : List.of("all", "once")) {
            int before = instants.of(schedule).size();
            Patience.await(count + " more of " + schedule)
                    .until(() -> instants.of(schedule).size() >= before + count);
        }
    }

    private static void assertOnce(RunningApp app, Instants instants, int kills, Map<String, String> store) {
        QueueCounts counts;
        String[] sets = store.entrySet().stream().map(Object::toString).toArray(String[]::new);
        try (TaskQueue queue = TaskQueue.of(app, sets)) {
            counts = queue.counts();
        }
        TreeSet<Long> all = instants.of("all");
        assertThat(counts.accepted())
                .as("no instant was accepted twice: %s", counts)
                .isEqualTo(all.size() + instants.of("once").size() + counts.ready() + counts.running());
        assertThat(counts.dead()).isZero();
        assertThat(all).as("none is missing").hasSize((int) (all.last() - all.first() + 1));
        int twice = instants.all("all").size()
                + instants.all("once").size()
                - all.size()
                - instants.of("once").size();
        assertThat(twice).as("started again because their worker was killed").isBetween(0, kills);
    }
}
