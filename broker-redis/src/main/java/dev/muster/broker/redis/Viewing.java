package dev.muster.broker.redis;

import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.TaskHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ZRangeParams;

/// What people look at.
///
/// **Threads:** safe for use by many threads.
final class Viewing {
    private static final int LISTED_PAYLOAD = 65_536;
    private static final int PAGE = 500;
    private static final Set<String> ENDED = Set.of("DEAD", "DONE");

    private final Server server;

    Viewing(Server server) {
        this.server = server;
    }

    /// In the order of their names, so that all look through them alike.
    Set<String> queues() {
        return server.call("list the queues", client -> new TreeSet<>(client.smembers(QueueKeys.QUEUES)));
    }

    /// The answer of each queue, asked for all together.
    ///
    /// @param what for the message of an error
    <T> Map<String, T> each(String what, BiFunction<Pipeline, QueueKeys, Response<T>> question) {
        Map<String, T> answers = new TreeMap<>();
        Set<String> queues = queues();
        return server.call(what, client -> {
            Map<String, Response<T>> asked = new TreeMap<>();
            try (Pipeline pipeline = client.pipelined()) {
                for (String queue : queues) {
                    asked.put(queue, question.apply(pipeline, server.keys(queue)));
                }
                pipeline.sync();
            }
            asked.forEach((queue, answer) -> answers.put(queue, answer.get()));
            return answers;
        });
    }

    /// Those that are paused.
    Set<String> paused() {
        Map<String, Boolean> paused =
                each("list the paused queues", (pipeline, queue) -> pipeline.exists(queue.paused()));
        paused.values().removeIf(is -> !is);
        return paused.keySet();
    }

    /// The claims of an owner whose tasks were cancelled.
    Set<String> cancelled(String owner) {
        Set<String> ids = new TreeSet<>();
        each("look for cancelled tasks", (pipeline, queue) -> pipeline.hgetAll(queue.cancelled()))
                .values()
                .forEach(owners -> owners.forEach((id, claimer) -> {
                    if (claimer.equals(owner)) {
                        boolean _ = ids.add(id);
                    }
                }));
        return ids;
    }

    Map<String, QueueCounts> counts() {
        Map<String, QueueCounts> counts = new TreeMap<>();
        for (String queue : queues()) {
            List<?> n = (List<?>) server.run("count the tasks", Script.COUNTS, queue, List.of());
            counts.put(
                    queue,
                    new QueueCounts(at(n, 0), at(n, 1), at(n, 2), at(n, 3), at(n, 4), at(n, 5), at(n, 6), at(n, 7)));
        }
        return counts;
    }

    private static long at(List<?> numbers, int index) {
        return (Long) numbers.get(index);
    }

    Set<String> owners() {
        Set<String> owners = new TreeSet<>();
        each("list the owners of tasks", (pipeline, queue) -> pipeline.hkeys(queue.owners()))
                .values()
                .forEach(owners::addAll);
        return owners;
    }

    List<TaskView> dead(int limit) {
        List<TaskView> found = new ArrayList<>();
        for (String queue : queues()) {
            List<String> ids = server.call(
                    "list the dead letters",
                    client -> client.zrange(server.keys(queue).dead(), newest(limit)));
            shown("list the dead letters", queue, LISTED_PAYLOAD, ids).forEach(task -> found.add(task.view()));
        }
        found.sort(Comparator.comparingLong(TaskView::changedAtEpochMillis)
                .thenComparing(TaskView::id)
                .reversed());
        return found.size() > limit ? List.copyOf(found.subList(0, Math.max(0, limit))) : found;
    }

    private static ZRangeParams newest(int most) {
        return ZRangeParams.zrangeParams(0, most - 1).rev();
    }

    Optional<TaskView> find(String id) {
        String what = "show the task " + id;
        return one(what, Integer.MAX_VALUE, id).map(task -> whole(what, task).view());
    }

    /// Without its message.
    Optional<TaskView> look(String id) {
        return one("look at the task " + id, 0, id).map(Shown::view);
    }

    /// The task with this id. An id is unique in its queue only: one that has not ended comes before one that has.
    private Optional<Shown> one(String what, int longest, String id) {
        Optional<Shown> ended = Optional.empty();
        for (String queue : queues()) {
            for (Shown task : shown(what, queue, longest, List.of(id))) {
                if (!ENDED.contains(task.view().state())) {
                    return Optional.of(task);
                }
                ended = ended.or(() -> Optional.of(task));
            }
        }
        return ended;
    }

    /// A task of this queue, with the message that lies in the list if it is ready and has no priority.
    Optional<Shown> show(String queue, String id) {
        String what = "show the task " + id;
        return shown(what, queue, Integer.MAX_VALUE, List.of(id)).stream()
                .findFirst()
                .map(task -> whole(what, task));
    }

    private Shown whole(String what, Shown task) {
        TaskView view = task.view();
        boolean listed = view.state().equals("READY") && view.priority() == 0;
        return listed ? task.with(message(what, view.queue(), task.key())) : task;
    }

    /// The message with this key in the index, empty if it is not in the list any more.
    private String message(String what, String queue, String key) {
        for (long from = 0; ; from += PAGE) {
            long first = from;
            List<String> page = server.call(what, client -> client.lrange(queue, first, first + PAGE - 1));
            for (String text : page) {
                if (Script.sha1(text).equals(key)) {
                    return text;
                }
            }
            if (page.size() < PAGE) {
                return "";
            }
        }
    }

    /// A task as `show.lua` tells it.
    ///
    /// @param key of its message in the index
    record Shown(TaskView view, String key) {
        Shown with(String payload) {
            return new Shown(
                    new TaskView(
                            view.id(),
                            view.queue(),
                            view.state(),
                            payload,
                            view.attempts(),
                            view.crashes(),
                            view.reason(),
                            view.detail(),
                            view.acceptedAtEpochMillis(),
                            view.changedAtEpochMillis(),
                            view.history(),
                            view.priority(),
                            view.unique(),
                            view.owner(),
                            view.dueAtEpochMillis(),
                            view.cancelled(),
                            view.progress(),
                            view.result()),
                    key);
        }
    }

    private List<Shown> shown(String what, String queue, int longest, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(longest)));
        arguments.addAll(ids);
        List<Shown> shown = new ArrayList<>();
        for (Object row : (List<?>) server.run(what, Script.SHOW, queue, arguments)) {
            shown.add(shown(queue, (List<?>) row));
        }
        return shown;
    }

    private static Shown shown(String queue, List<?> row) {
        TaskView view = new TaskView(
                text(row, 0),
                queue,
                text(row, 1),
                text(row, 2),
                (int) at(row, 3),
                (int) at(row, 4),
                text(row, 5),
                text(row, 6),
                at(row, 7),
                at(row, 8),
                history((List<?>) row.get(11), at(row, 9)),
                (int) at(row, 12),
                text(row, 13),
                text(row, 14),
                at(row, 15),
                at(row, 16) == 1,
                text(row, 17),
                text(row, 18));
        return new Shown(view, text(row, 10));
    }

    private static String text(List<?> row, int index) {
        @Nullable Object value = row.get(index);
        return value == null ? "" : value.toString();
    }

    private static List<String> history(List<?> kept, long leftOut) {
        List<String> lines = new ArrayList<>();
        kept.forEach(line -> lines.add(line.toString()));
        if (leftOut > 0) {
            lines.add(TaskHistory.ENDS, TaskHistory.GAP + leftOut);
        }
        return List.copyOf(lines);
    }
}
