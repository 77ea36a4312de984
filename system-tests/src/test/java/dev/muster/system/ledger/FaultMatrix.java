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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One application with two workers lives through all faults, one after the other, each in the middle of a load. After
/// each of them the ledger and the store must agree, and every slot must work.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
abstract class FaultMatrix {
    private final String broker;
    private Path directory;
    private Store store;
    private RunningApp app;
    private TaskQueue queue;

    /// @param broker as `tasks.broker` names it
    @SuppressWarnings("NullAway.Init")
    FaultMatrix(String broker) {
        this.broker = broker;
    }

    @BeforeAll
    void start(@TempDir Path place) throws IOException {
        directory = place;
        store = Store.start(broker, place);
        app = RunningApp.of(Accounting.class, place)
                .packed(Ledger.class, Offence.class)
                .set("tasks.workers", Integer.toString(Ruin.SLOTS.size()))
                .set("aot.delay", Size.CAMPAIGN ? "1s" : "1h")
                .set("tasks.retry.base", "20ms")
                .set("limits.silence", "4s")
                .set("limits.boot", Size.CAMPAIGN ? "20s" : "60s")
                .set("resources.task.heap", "96MiB");
        store.tell(app);
        RunningApp _ = app.start();
        queue = store.queue(place);
    }

    @AfterAll
    void end() throws IOException {
        // What was not started is null, and is left out.
        try (Store _ = store;
                RunningApp _ = app;
                TaskQueue _ = queue) {
            // All of it ends here.
        }
    }

    Stream<Fault> faults() {
        return Size.faults().stream().filter(fault -> fault.appliesTo(store));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void nothingIsLostAndNothingStartedAgainWithoutReason(Fault fault) throws IOException {
        Books books = new Books(queue, directory.resolve(fault.name() + ".ledger"));
        Ruin ruin = new Ruin(app, store);
        load(books, fault);
        for (int i = 0; i < fault.strikes(); i++) {
            books.awaitProgress((long) Size.TASKS * (i + 1) / (fault.strikes() + 2));
            ruin.strike(fault, books);
        }
        books.awaitEnd();
        ruin.awaitSlots();
        Verdict verdict = books.verdict(Map.of());
        Report.row(broker, fault.name(), books, verdict);
        assertThat(verdict.complaints()).isEmpty();
        if (fault.deadly()) {
            assertThat(verdict.died()).as("processes that died").isPositive();
        } else {
            assertThat(verdict.died()).as("processes that died").isZero();
            assertThat(verdict.extra()).as("extra starts").isZero();
        }
    }

    /// A load with as many offenders as the fault has strikes, evenly spread, and with one that does it again at
    /// each start.
    private void load(Books books, Fault fault) {
        Offence offence = fault.offence();
        int part = Size.TASKS / (fault.strikes() + 1);
        for (int i = 0; i < fault.strikes(); i++) {
            books.good(part);
            if (offence != null && fault.deadly()) {
                books.task(fault.hangs() ? "hang" : "crash", ",\"" + offence + "\",false", Judge.DONE);
            }
        }
        if (fault.poisons(store)) {
            books.task(
                    fault.hangs() ? "hang" : "crash",
                    ",\"" + offence + "\",true",
                    fault.hangs() ? "DEADLINE" : "CRASHED");
        }
        books.good(Size.TASKS - books.noted());
        books.enqueue();
    }
}
