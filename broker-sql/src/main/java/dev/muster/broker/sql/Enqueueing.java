package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;
import dev.muster.task.TaskIds;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
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
                    + " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING";
    private static final String INSERT_OTHER =
            "INSERT INTO task(id, queue, state, due, single, accepted_at, changed_at, payload, reason, detail)"
                    + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING";

    /// The first task of a queue makes the queue; its places begin at 1.
    private static final String COUNT = "INSERT INTO queue(name, next_place, accepted) VALUES(?, ?, ?) ON"
            + " CONFLICT(name) DO UPDATE SET next_place = queue.next_place + excluded.next_place - 1, accepted ="
            + " queue.accepted + excluded.accepted RETURNING next_place";

    private final Store store;
    private final TaskIds ids = new TaskIds();
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();

    Enqueueing(Store store) {
        this.store = store;
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
            boolean _ = store.intake().write("enqueue " + size + " tasks", session -> {
                insert(session, group);
                return true;
            });
        } catch (BrokerException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new BrokerException("cannot enqueue " + size + " tasks: " + e, e);
            throw e;
        } finally {
            for (Request request : group) {
                request.failure = failure;
                request.ended = true;
            }
        }
        if (failure == null) {
            queues.forEach(store.changes()::changed);
        }
    }

    private void insert(Session session, List<Request> group) throws SQLException {
        // Whoever ends one of them now, and counts that next, must not wait for a queue that waits for its task.
        store.dialect().lock(session, known(group));
        long now = System.currentTimeMillis();
        Map<String, Tail> tails = tails(session, group);
        PreparedStatement ready = session.statement(INSERT_READY);
        PreparedStatement other = session.statement(INSERT_OTHER);
        List<Tail> ofReady = new ArrayList<>();
        List<Tail> ofOther = new ArrayList<>();
        for (Request request : group) {
            for (int i = 0; i < request.tasks.size(); i++) {
                NewTask task = request.tasks.get(i);
                Tail tail = Objects.requireNonNull(tails.get(task.queue()));
                String payload = task.payload();
                int single = payload.length() >= Row.LARGE_FROM ? Row.LARGE : 0;
                if (isReady(task)) {
                    Session.set(ready, request.ids.get(i), task.queue(), tail.place++, single, now, now, payload);
                    ready.addBatch();
                    ofReady.add(tail);
                } else {
                    setOther(other, request.ids.get(i), task, single, now);
                    other.addBatch();
                    ofOther.add(tail);
                }
            }
        }
        insert(ready, ofReady);
        insert(other, ofOther);
        for (Map.Entry<String, Tail> entry : tails.entrySet()) {
            long refused = entry.getValue().refused;
            if (refused > 0) {
                int _ = session.update(
                        "UPDATE queue SET accepted = accepted - ? WHERE name = ?", refused, entry.getKey());
            }
        }
    }

    /// Counts the tasks and takes their places, before their number is known for certain: in most cases this is all
    /// that happens to the row of a queue. In the order of the names, so that two who enqueue to the same queues do
    /// not wait for each other.
    private static Map<String, Tail> tails(Session session, List<Request> group) throws SQLException {
        Map<String, Tail> tails = new TreeMap<>();
        for (Request request : group) {
            for (NewTask task : request.tasks) {
                Tail tail = tails.computeIfAbsent(task.queue(), _ -> new Tail());
                tail.accepted++;
                tail.ready += isReady(task) ? 1 : 0;
            }
        }
        for (Map.Entry<String, Tail> entry : tails.entrySet()) {
            Tail tail = entry.getValue();
            tail.place = session.number(COUNT, entry.getKey(), 1 + tail.ready, tail.accepted) - tail.ready;
        }
        return tails;
    }

    /// The ids that others may have used before.
    private static List<String> known(List<Request> group) {
        List<String> ids = new ArrayList<>();
        for (Request request : group) {
            for (NewTask task : request.tasks) {
                if (!task.id().isEmpty()) {
                    ids.add(task.id());
                }
            }
        }
        return ids;
    }

    private static boolean isReady(NewTask task) {
        return task.bornDead().isEmpty() && task.delay().isZero();
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
                now,
                task.payload(),
                dead ? DeadReason.MALFORMED.name() : null,
                dead ? TaskHistory.detail(task.bornDead()) : null);
    }

    /// A task whose id is kept already is not inserted and not counted.
    private static void insert(PreparedStatement insert, List<Tail> tails) throws SQLException {
        if (tails.isEmpty()) {
            return;
        }
        int[] inserted = insert.executeBatch();
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] != 1) {
                tails.get(i).refused++;
            }
        }
    }

    /// What is added to a queue.
    private static final class Tail {
        long accepted;
        long ready;
        long refused;

        /// The next one that is free.
        long place;
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
