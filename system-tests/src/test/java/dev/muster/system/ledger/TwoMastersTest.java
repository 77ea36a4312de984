package dev.muster.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Accounting;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Offence;
import dev.muster.system.ledger.Judge.Verdict;
import dev.muster.task.Broker.TaskView;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several masters share one store, and some of them are killed or frozen in the middle of a load.
///
/// A slice does not wait for the 60 s of a lease: the test shortens those of the processes that cannot renew them any
/// more, and starts the node that takes over afterwards, which looks within ten seconds. On SQLite there are no leases:
/// whoever is dead at two looks, 20 s apart, has no master that lives.
@Timeout(400)
@Tag("long")
class TwoMastersTest {
    private static final Duration OVER = Duration.ofMillis(1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("dev.muster.system.ledger.Size#brokers")
    void whatAKilledMasterHeldIsDoneByAnother(String broker) throws IOException {
        try (Store store = Store.start(broker, directory);
                RunningApp killed = node("killed", store).start();
                RunningApp other = node("other", store);
                TaskQueue queue = store.queue(directory)) {
            if (Size.CAMPAIGN) {
                RunningApp _ = other.start();
            }
            Books books = load(queue);
            killed.signal("KILL", killed.masterPid());
            killed.awaitNoProcess(Duration.ofSeconds(10));
            takeOver(queue, books, other);
            books.awaitEnd();

            Verdict verdict = books.verdict(Map.of());
            Report.row(broker, "one of two masters killed", books, verdict);
            assertThat(verdict.complaints()).isEmpty();
            assertThat(verdict.died()).as("the worker of the killed master").isEqualTo(1);
            // What its death has left in its directories is cleared up by its next start.
            RunningApp _ = killed.start();
        }
    }

    /// On the same machine, where the one that lives could see that its processes still exist: the lease decides.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("shared")
    void theLateResultsOfANodeThatWasFrozenPastItsLeaseAreRefused(String broker) throws IOException {
        try (Store store = Store.start(broker, directory);
                RunningApp frozen = node("frozen", store).start();
                RunningApp other = node("other", store);
                TaskQueue queue = store.queue(directory)) {
            Books books = new Books(queue, directory.resolve("tasks.ledger"));
            books.task("hold", ",\"thawed\"", Judge.DONE);
            books.enqueue();
            Patience.await("its start").until(() -> books.lastStarter() != 0);
            long worker = books.lastStarter();
            if (Size.CAMPAIGN) {
                RunningApp _ = other.start();
            }
            freeze(frozen, "STOP");
            List<TaskView> held = books.unfinished();
            assertThat(held).hasSize(1);
            Path _ = Files.createFile(other.directory().resolve("thawed"));
            takeOver(queue, books, other);
            books.good(Size.TASKS);
            books.enqueue();
            books.awaitEnd();
            Path _ = Files.createFile(frozen.directory().resolve("thawed"));
            freeze(frozen, "CONT");
            frozen.awaitOutput(held.getFirst().id() + " came too late");

            Verdict verdict = books.verdict(Map.of(worker, held.size()));
            Report.row(broker, "node frozen past its lease and thawed", books, verdict);
            assertThat(verdict.complaints()).isEmpty();
            assertThat(verdict.extra())
                    .as("the one that was given to the other node")
                    .isEqualTo(1);
            assertThat(verdict.died()).isZero();
            frozen.awaitState("task", "RUNNING");
        }
    }

    /// A store of one machine has no leases: everybody sees who lives.
    static List<String> shared() {
        return Size.brokers().stream()
                .filter(broker -> !broker.equals("sqlite"))
                .toList();
    }

    private RunningApp node(String name, Store store) throws IOException {
        RunningApp app = RunningApp.of(Accounting.class, Files.createDirectory(directory.resolve(name)))
                .packed(Ledger.class, Offence.class)
                .set("aot.enabled", "false")
                .set("tasks.workers", "1");
        store.tell(app);
        return app;
    }

    private Books load(TaskQueue queue) {
        Books books = new Books(queue, directory.resolve("tasks.ledger"));
        books.good(Size.TASKS);
        books.enqueue();
        books.awaitProgress(Size.TASKS / 3);
        return books;
    }

    private static void freeze(RunningApp app, String signal) {
        for (long pid : app.processes()) {
            app.signal(signal, pid);
        }
    }

    /// Lets the other node have what those hold who can renew no lease any more. In a campaign it is there from the
    /// beginning, and takes its time.
    private static void takeOver(TaskQueue queue, Books books, RunningApp other) {
        if (Size.CAMPAIGN) {
            return;
        }
        books.unfinished().stream()
                .map(TaskView::owner)
                .filter(owner -> !owner.isEmpty())
                .distinct()
                .forEach(owner -> queue.broker().renew(owner, OVER));
        RunningApp _ = other.start();
    }
}
