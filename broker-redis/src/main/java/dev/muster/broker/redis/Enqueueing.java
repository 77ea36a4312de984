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
        Map<String, List<Integer>> byQueue = new LinkedHashMap<>();
        for (int i = 0; i < tasks.size(); i++) {
            byQueue.computeIfAbsent(tasks.get(i).queue(), _ -> new ArrayList<>())
                    .add(i);
        }
        String what = "enqueue " + tasks.size() + " tasks";
        String[] accepted = new String[tasks.size()];
        byQueue.forEach((queue, all) -> {
            for (int from = 0; from < all.size(); from += CHUNK) {
                List<Integer> some = all.subList(from, Math.min(all.size(), from + CHUNK));
                List<String> arguments = new ArrayList<>();
                some.forEach(i -> arguments.addAll(arguments(tasks.get(i))));
                List<?> kept = (List<?>) server.run(what, Script.ENQUEUE, queue, arguments);
                for (int i = 0; i < some.size(); i++) {
                    accepted[some.get(i)] = (String) kept.get(i);
                }
            }
        });
        return List.of(accepted);
    }

    /// A task as `accept.lua` takes it.
    List<String> arguments(NewTask task) {
        boolean own = !task.id().isEmpty();
        return List.of(
                own ? task.id() : ids.next(),
                own ? "1" : "0",
                task.payload(),
                Long.toString(millis(task)),
                TaskHistory.detail(task.bornDead()),
                Integer.toString(task.priority()),
                task.unique());
    }

    private static long millis(NewTask task) {
        return task.delay().isZero() ? 0 : Math.max(1, task.delay().toMillis());
    }
}
