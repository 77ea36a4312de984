package dev.muster.broker.redis;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.TaskHistory;
import dev.muster.task.TaskIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Accepts tasks, those of one queue in one step.
///
/// **Threads:** safe for use by many threads.
final class Enqueueing {
    private static final int MOST = 10_000;
    /// A script that works on more keeps the others waiting, and Lua takes only so many values at once.
    private static final int CHUNK = 500;

    private final Server server;
    private final TaskIds ids = new TaskIds();

    Enqueueing(Server server) {
        this.server = server;
    }

    List<String> enqueue(List<NewTask> tasks) {
        if (tasks.isEmpty() || tasks.size() > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " tasks are enqueued at once, not " + tasks.size());
        }
        List<String> accepted = new ArrayList<>(tasks.size());
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        for (NewTask task : tasks) {
            String id = task.id().isEmpty() ? ids.next() : task.id();
            accepted.add(id);
            arguments
                    .computeIfAbsent(task.queue(), _ -> new ArrayList<>())
                    .addAll(List.of(
                            id,
                            task.id().isEmpty() ? "0" : "1",
                            task.payload(),
                            Long.toString(millis(task)),
                            TaskHistory.detail(task.bornDead())));
        }
        String what = "enqueue " + tasks.size() + " tasks";
        arguments.forEach((queue, values) -> {
            server.remember(what, queue);
            for (int from = 0; from < values.size(); from += 5 * CHUNK) {
                Object _ = server.run(
                        what, Script.ENQUEUE, queue, values.subList(from, Math.min(values.size(), from + 5 * CHUNK)));
            }
        });
        return accepted;
    }

    private static long millis(NewTask task) {
        return task.delay().isZero() ? 0 : Math.max(1, task.delay().toMillis());
    }
}
