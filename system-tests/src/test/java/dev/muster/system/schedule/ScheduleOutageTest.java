package dev.muster.system.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.broker.redis.TestServer;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Timed;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The store of the schedules, a Redis, goes away and comes back.
@Timeout(180)
@Tag("long")
class ScheduleOutageTest {
    private static final int GAP = 5;

    @TempDir
    Path directory;

    @Test
    void whatWasMissedMeanwhileIsMadeUpForByTheSameProcess() throws IOException {
        Path data = Files.createDirectory(directory.resolve("redis"));
        try (TestServer server = TestServer.durable(data);
                RunningApp app = RunningApp.of(Timed.class, directory)
                        .packed(Ledger.class)
                        .set("tasks.broker", "redis")
                        .set("tasks.redis.url", server.url())
                        .start()) {
            long first = app.pid("hands#1");
            long second = app.pid("hands#2");
            awaitAfter(0);
            server.stop();
            app.awaitOutput("the schedules cannot be served; tries again every 50 ms to 2 s");
            long back = Instant.now().getEpochSecond() + GAP;
            Patience.await("the clock").until(() -> Instant.now().getEpochSecond() >= back);
            server.again();
            awaitAfter(back);
            app.awaitOutput("the schedules are served again");

            TreeSet<Long> all = instants().of("all");
            assertThat(all).as("each").hasSize((int) (all.last() - all.first() + 1));
            assertThat(instants().of("once")).as("one for all of them").hasSizeLessThan(all.size());
            assertThat(app.pid("hands#1")).isEqualTo(first);
            assertThat(app.pid("hands#2")).isEqualTo(second);
        }
    }

    private Instants instants() {
        return Instants.in(directory);
    }

    private void awaitAfter(long instant) {
        Patience.await("two instants after " + instant)
                .until(() -> instants().of("all").tailSet(instant, false).size() >= 2
                        && instants().of("once").tailSet(instant, false).size() >= 2);
    }
}
