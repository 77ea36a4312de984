package dev.muster.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Accounting;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Offence;
import dev.muster.system.ledger.Judge.Verdict;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `kill -9` of the only worker between the effect of its task and the acknowledgement, again and again: half of the
/// time in the method, half of the time up to 3 ms later, about when the outcome is stored.
@Timeout(1_900)
@Tag("long")
class EffectTest {
    private static final int KILLS = Size.CAMPAIGN ? 300 : 4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("dev.muster.system.ledger.Size#brokers")
    void eachEffectIsThereAndNoneComesMoreOftenThanItWasInterrupted(String broker) throws IOException {
        try (Store store = Store.start(broker, directory);
                RunningApp app = RunningApp.of(Accounting.class, directory)
                        .packed(Ledger.class, Offence.class)
                        .set("tasks.workers", "1")
                        .set("aot.delay", Size.CAMPAIGN ? "1s" : "1h")
                        .set("spares.task", "1");
                TaskQueue queue = store.queue(directory)) {
            store.tell(app);
            RunningApp _ = app.start();
            Books books = new Books(queue, directory.resolve("effects.ledger"));
            for (int i = 0; i < KILLS; i++) {
                // A process that has finished nothing when it dies is held back for longer and longer.
                books.good(1);
                books.task("effect", i % 2 == 0 ? ",\"KILL\"" : ",\"KILL_SOON\"", Judge.DONE);
            }
            books.enqueue();
            books.awaitEnd();

            Verdict verdict = books.verdict(Map.of());
            Report.row(broker, "kill between effect and acknowledgement", books, verdict);
            assertThat(verdict.complaints()).isEmpty();
            // The last kill may come when everything is done.
            assertThat(verdict.died()).as("kills").isBetween(KILLS - 1, KILLS);
            assertThat(verdict.extra())
                    .as("those that were killed in the method were started again, and nobody more than once a kill")
                    .isBetween(KILLS / 2, verdict.died());
            app.awaitState("task", "RUNNING");
        }
    }
}
