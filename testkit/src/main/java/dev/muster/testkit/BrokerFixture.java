package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Two broker objects over one store, as two processes have them, and the account at the end of each test.
abstract class BrokerFixture {
    static final String QUEUE = "contract";
    static final CrashPolicy TERMS = _ -> new Terms(OnCrash.RETRY, null, Duration.ZERO);

    Broker broker;
    Broker other;

    /// Opens the store of this test. Called several times in a test; each call returns a new object over the same
    /// store, which is empty when the test begins.
    protected abstract Broker open() throws Exception;

    @BeforeEach
    void openTwice() throws Exception {
        broker = open();
        other = open();
    }

    @AfterEach
    void accountAndClose() {
        for (Map.Entry<String, QueueCounts> entry : other.counts().entrySet()) {
            QueueCounts n = entry.getValue();
            assertThat(n.ready() + n.scheduled() + n.running() + n.done() + n.dead() + n.deleted())
                    .as("the account of the queue %s: %s", entry.getKey(), n)
                    .isEqualTo(n.accepted());
        }
        broker.close();
        other.close();
    }

    List<String> enqueue(int count) {
        return broker.enqueue(IntStream.range(0, count)
                .mapToObj(i -> NewTask.of(QUEUE, "{\"task\":\"t\",\"param\":[" + i + "]}"))
                .toList());
    }

    Claim claimOne(String owner) {
        List<Claim> claims = broker.claim(QUEUE, owner, 1);
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    QueueCounts counts() {
        return other.counts().getOrDefault(QUEUE, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    TaskView view(String id) {
        return other.find(id).orElseThrow(() -> new AssertionError("the task " + id + " is not kept"));
    }

    static List<String> ids(List<Claim> claims) {
        return claims.stream().map(Claim::id).toList();
    }

    static DeadWorker dead(String owner, Verdict verdict, String guilty, String... started) {
        return new DeadWorker(owner, QUEUE, verdict, guilty, List.of(started), true, "SIGNAL 9", "/dumps/1.json");
    }

    static void inParallel(int threads, Numbered work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Callable<Object>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int n = i;
                calls.add(() -> work.run(n));
            }
            for (Future<Object> future : executor.invokeAll(calls)) {
                future.get();
            }
        }
    }

    @FunctionalInterface
    interface Numbered {
        Object run(int n) throws Exception;
    }
}
