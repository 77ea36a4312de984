package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.NewTask;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store that takes the tasks of [Tasks], opened when the first one comes.
///
/// **Threads:** safe for use by many threads. **Lifetime:** the store is closed by whoever supplied it.
final class Destination implements TaskSubmission.Route {
    private final String defaultQueue;
    private final Map<String, String> queues = new ConcurrentHashMap<>();
    private final Supplier<Broker> supplier;
    private @Nullable Broker broker;

    Destination(String defaultQueue, List<TaskDeclaration> tasks, Supplier<Broker> supplier) {
        this.defaultQueue = defaultQueue;
        this.supplier = supplier;
        for (TaskDeclaration task : tasks) {
            queues.putIfAbsent(task.name(), task.queue());
        }
    }

    synchronized Broker broker() {
        Broker open = broker;
        if (open == null) {
            open = supplier.get();
            broker = open;
        }
        return open;
    }

    @Override
    public String defaultQueue() {
        return defaultQueue;
    }

    @Override
    public String queueOf(String task) {
        return queues.getOrDefault(task, "");
    }

    @Override
    public String send(NewTask task, @Nullable Connection connection) {
        List<NewTask> one = List.of(task);
        return (connection == null ? broker().enqueue(one) : broker().enqueue(connection, one)).getFirst();
    }
}
