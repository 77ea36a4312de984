package dev.muster.benchmarks;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The queue of the measured application, as a producer outside of it sees it.
///
/// **Threads:** one. **Lifetime:** closed by whoever opened it; works whether the application runs or not.
final class TaskQueue implements AutoCloseable {
    private static final String NAME = "default";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(5);

    private final Broker broker;

    TaskQueue(Broker broker) {
        this.broker = broker;
    }

    /// A task without a parameter.
    static NewTask task(String name) {
        return NewTask.of(NAME, "{\"task\":\"" + name + "\"}");
    }

    /// Puts a task with a text on the queue.
    void put(String task, String text) {
        put(List.of(NewTask.of(NAME, "{\"task\":\"" + task + "\",\"param\":[\"" + text + "\"]}")));
    }

    /// Puts tasks on the queue, all in one step.
    void put(List<NewTask> tasks) {
        List<String> _ = broker.enqueue(tasks);
    }

    QueueCounts counts() {
        return broker.counts().getOrDefault(NAME, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    /// Waits until the store says that so many are done.
    void awaitDone(long done) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (counts().done() < done) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not " + done + " tasks are done, but " + counts());
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    String durability() {
        return broker.durability();
    }

    @Override
    public void close() {
        broker.close();
    }
}
