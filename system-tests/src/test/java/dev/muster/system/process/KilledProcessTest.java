package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a user process in the middle of a run.
@Timeout(60)
class KilledProcessTest {
    @TempDir
    Path directory;

    @Test
    void itComesBackWithItsIntervalAndNeverTwice() {
        try (RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long neighbour = app.pid("Neighbour");
            Patience.await("the middle of the second run").until(() -> {
                List<String> ticks = Ledger.texts(directory, "ticks");
                return ticks.size() >= 3 && ticks.getLast().equals("begin");
            });

            long killed = app.kill9("Ticker");

            long next = app.awaitReplaced("Ticker", killed).get("pid").asLong();
            Patience.await("runs of the new process").until(() -> runs(next).size() >= 6);
            var death = app.awaitDeath("Ticker");
            assertThat(death.get("reason").asString()).isEqualTo("SIGNAL");
            assertThat(death.get("signal").asInt()).isEqualTo(9);
            assertThat(death.get("pid").asLong()).isEqualTo(killed);
            assertThat(runs(killed).getLast().text()).isEqualTo("begin");
            assertThat(runs(next).getFirst().nanos())
                    .isGreaterThan(runs(killed).getLast().nanos());
            assertIntervalKept(runs(killed));
            assertIntervalKept(runs(next));
            assertThat(app.slot("Ticker").get("restarts").asInt()).isEqualTo(1);
            assertThat(app.pid("Neighbour")).isEqualTo(neighbour);
        }
    }

    private List<Entry> runs(long pid) {
        return Ledger.read(directory, "ticks").stream()
                .filter(entry -> entry.pid() == pid)
                .toList();
    }

    private static void assertIntervalKept(List<Entry> runs) {
        for (int i = 0; i + 1 < runs.size(); i++) {
            boolean begins = runs.get(i).text().equals("begin");
            assertThat(runs.get(i + 1).text()).isEqualTo(begins ? "end" : "begin");
            if (!begins) {
                assertThat(runs.get(i + 1).nanos() - runs.get(i).nanos()).isGreaterThanOrEqualTo(200_000_000L);
            }
        }
    }
}
