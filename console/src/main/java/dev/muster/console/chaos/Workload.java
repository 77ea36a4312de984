package dev.muster.console.chaos;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The tasks of a run: each has a key of its own, which is its id in the queue and its name in the ledger. A trickle of
/// small ones goes on all along, so that every worker has something to lose.
///
/// **Threads:** safe for use by many threads; the trickle has its own. **Lifetime:** [#close] ends the trickle.
/// **Failure:** a task that could not be enqueued is none of the accepted.
final class Workload implements AutoCloseable {
    /// The queue of the pool.
    static final String HANDS = "hands";
    /// The queue of the task workers.
    static final String DEFAULT = "default";

    private static final long PAUSE_MILLIS = 40;
    private static final long ENOUGH = 200;
    private static final int ATTEMPTS = 5;

    private final Broker broker;
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicLong last = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread trickle = Thread.ofPlatform().daemon().name("trickle").unstarted(this::trickle);

    Workload(Broker broker) {
        this.broker = broker;
    }

    void start() {
        trickle.start();
    }

    /// Enqueues a task.
    ///
    /// @param task its name
    /// @param more numbers that follow the key
    /// @return its key
    String put(String queue, String task, int... more) {
        return putMany(queue, task, 1, more).getFirst();
    }

    /// Enqueues equal tasks in one step.
    ///
    /// @return their keys
    List<String> putMany(String queue, String task, int count, int... more) {
        List<String> keys = new ArrayList<>();
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = task + "-" + last.incrementAndGet();
            StringBuilder message = new StringBuilder("{\"task\":\"" + task + "\",\"param\":[\"" + key + "\"");
            for (int number : more) {
                message.append(',').append(number);
            }
            keys.add(key);
            tasks.add(new NewTask(key, queue, message.append("]}").toString(), Duration.ZERO, ""));
        }
        enqueue(tasks);
        boolean _ = accepted.addAll(keys);
        return keys;
    }

    /// A store that was busy for too long is asked again: under the same ids nothing is accepted twice.
    private void enqueue(List<NewTask> tasks) {
        for (int attempt = 1; ; attempt++) {
            try {
                List<String> _ = broker.enqueue(tasks);
                return;
            } catch (BrokerException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// The keys of the accepted tasks.
    Set<String> accepted() {
        return Set.copyOf(accepted);
    }

    /// Tasks that are not over.
    long open() {
        return broker.counts().values().stream().mapToLong(Workload::open).sum();
    }

    private static long open(QueueCounts counts) {
        return counts.ready() + counts.scheduled() + counts.running();
    }

    private void trickle() {
        try {
            while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                Map<String, QueueCounts> counts = broker.counts();
                for (String queue : List.of(HANDS, DEFAULT)) {
                    QueueCounts now = counts.get(queue);
                    if (now == null || open(now) < ENOUGH) {
                        List<String> _ = putMany(queue, "note", 2);
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the trickle; what is under way has been accepted when this returns.
    @Override
    public void close() {
        over.countDown();
        try {
            trickle.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
