package dev.muster.broker.sqlite;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;
import dev.muster.task.TaskIds;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Accepts tasks. Threads that come while another one waits for the disk are served together by the next transaction.
///
/// **Threads:** safe for use by many threads.
final class Enqueueing {
    /// No more tasks than these go into one transaction, so that claims get their turn.
    private static final int MAX_GROUP = 10_000;

    private static final String INSERT_READY =
            "INSERT INTO task(id, queue, place, single, accepted_at, changed_at, payload)"
                    + " VALUES(?, ?, ?, ?, ?5, ?5, ?) ON CONFLICT(id) DO NOTHING";
    private static final String INSERT_OTHER =
            "INSERT INTO task(id, queue, state, due, single, accepted_at, changed_at, payload, reason, detail)"
                    + " VALUES(?, ?, ?, ?, ?, ?6, ?6, ?, ?, ?) ON CONFLICT(id) DO NOTHING";

    private final Database database;
    private final TaskIds ids = new TaskIds();
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    Enqueueing(Database database) {
        this.database = database;
    }

    List<String> enqueue(List<NewTask> tasks) {
        if (tasks.isEmpty() || tasks.size() > MAX_GROUP) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_GROUP + " tasks are enqueued at once, not " + tasks.size());
        }
        Request mine = new Request(tasks, ids);
        boolean _ = waiting.add(mine);
        turn.lock();
        try {
            while (!mine.ended) {
                serve(group());
            }
        } finally {
            turn.unlock();
        }
        if (mine.failure != null) {
            throw new BrokerException(String.valueOf(mine.failure.getMessage()), mine.failure);
        }
        return mine.ids;
    }

    private List<Request> group() {
        List<Request> group = new ArrayList<>();
        int size = 0;
        for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
            size += next.tasks.size();
            if (size > MAX_GROUP && !group.isEmpty()) {
                break;
            }
            group.add(waiting.remove());
        }
        return group;
    }

    private void serve(List<Request> group) {
        @Nullable BrokerException failure = null;
        Set<String> queues = new LinkedHashSet<>();
        int size = 0;
        for (Request request : group) {
            size += request.tasks.size();
            request.tasks.forEach(task -> queues.add(task.queue()));
        }
        try {
            boolean _ = database.intake().write("enqueue " + size + " tasks", session -> {
                insert(session, group, queues);
                return true;
            });
        } catch (BrokerException e) {
            failure = e;
        } finally {
            for (Request request : group) {
                request.failure = failure;
                request.ended = true;
            }
        }
        if (failure == null) {
            queues.forEach(database.turn()::changed);
        }
    }

    private static void insert(Session session, List<Request> group, Set<String> queues) throws SQLException {
        long now = System.currentTimeMillis();
        Map<String, long[]> places = new HashMap<>();
        for (String queue : queues) {
            int _ = session.update("INSERT INTO queue(name) VALUES(?) ON CONFLICT(name) DO NOTHING", queue);
            long next = session.number("SELECT next_place FROM queue WHERE name = ?", queue);
            places.put(queue, new long[] {next, 0});
        }
        PreparedStatement ready = session.statement(INSERT_READY);
        PreparedStatement other = session.statement(INSERT_OTHER);
        List<String> readyQueues = new ArrayList<>();
        List<String> otherQueues = new ArrayList<>();
        for (Request request : group) {
            for (int i = 0; i < request.tasks.size(); i++) {
                NewTask task = request.tasks.get(i);
                String payload = task.payload();
                int single = payload.length() >= Row.LARGE_FROM ? Row.LARGE : 0;
                if (task.bornDead().isEmpty() && task.delay().isZero()) {
                    long place = of(places, task.queue())[0]++;
                    Session.set(ready, request.ids.get(i), task.queue(), place, single, now, payload);
                    ready.addBatch();
                    readyQueues.add(task.queue());
                } else {
                    setOther(other, request.ids.get(i), task, single, now);
                    other.addBatch();
                    otherQueues.add(task.queue());
                }
            }
        }
        count(ready, readyQueues, places);
        count(other, otherQueues, places);
        for (Map.Entry<String, long[]> entry : places.entrySet()) {
            int _ = session.update(
                    "UPDATE queue SET next_place = ?, accepted = accepted + ? WHERE name = ?",
                    entry.getValue()[0],
                    entry.getValue()[1],
                    entry.getKey());
        }
    }

    private static void setOther(PreparedStatement insert, String id, NewTask task, int single, long now)
            throws SQLException {
        boolean dead = !task.bornDead().isEmpty();
        Session.set(
                insert,
                id,
                task.queue(),
                dead ? "DEAD" : "SCHEDULED",
                dead ? 0L : Math.addExact(now, Math.max(1, task.delay().toMillis())),
                single,
                now,
                task.payload(),
                dead ? DeadReason.MALFORMED.name() : null,
                dead ? TaskHistory.detail(task.bornDead()) : null);
    }

    /// A task whose id is kept already is not inserted and not counted.
    private static void count(PreparedStatement insert, List<String> queues, Map<String, long[]> places)
            throws SQLException {
        if (queues.isEmpty()) {
            return;
        }
        int[] inserted = insert.executeBatch();
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] == 1 || inserted[i] == Statement.SUCCESS_NO_INFO) {
                of(places, queues.get(i))[1]++;
            }
        }
    }

    private static long[] of(Map<String, long[]> places, String queue) {
        return Objects.requireNonNull(places.get(queue));
    }

    /// Tasks that one caller wants accepted; its fields are guarded by `turn` once it is waiting.
    private static final class Request {
        final List<NewTask> tasks;
        final List<String> ids;
        boolean ended;

        @Nullable
        BrokerException failure;

        Request(List<NewTask> tasks, TaskIds maker) {
            this.tasks = List.copyOf(tasks);
            List<String> made = new ArrayList<>(tasks.size());
            for (NewTask task : this.tasks) {
                made.add(task.id().isEmpty() ? maker.next() : task.id());
            }
            this.ids = List.copyOf(made);
        }
    }
}
