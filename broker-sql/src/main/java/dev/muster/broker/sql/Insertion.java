package dev.muster.broker.sql;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskHistory;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes new tasks to their tables, inside a transaction that somebody else begins and ends.
///
/// **Threads:** safe for use by many threads.
final class Insertion {
    // Tokens begin with the time: a claim of a task that had the same id before is not one of this task.
    private static final String INSERT_READY =
            "INSERT INTO task(id, queue, place, single, accepted_at, changed_at, token, payload, priority, unique_key)"
                    + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String INSERT_OTHER =
            "INSERT INTO task(id, queue, state, due, single, accepted_at, changed_at, token, payload, reason, detail,"
                    + " priority, unique_key) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

    private static final int TRIES = 10;

    private final Dialect dialect;

    Insertion(Dialect dialect) {
        this.dialect = dialect;
    }

    /// Writes the tasks, and into each request the ids under which they are kept.
    void insert(Session session, List<? extends Request> requests) throws SQLException {
        // Whoever ends one of them now, and counts that next, must not wait for a queue that waits for its task.
        dialect.lock(session, known(requests));
        long now = System.currentTimeMillis();
        if (!dialect.acceptReady().isEmpty() && requests.size() == 1) {
            Request request = requests.getFirst();
            if (request.tasks.size() == 1 && isReady(request.tasks.getFirst())) {
                acceptOne(session, request, now);
                return;
            }
        }
        Map<String, Tail> tails = tails(session, requests);
        List<Slot> slots = new ArrayList<>();
        for (Request request : requests) {
            request.begin();
            for (int i = 0; i < request.tasks.size(); i++) {
                NewTask task = request.tasks.get(i);
                String id = request.ids.get(i);
                Tail tail = Objects.requireNonNull(tails.get(task.queue()));
                slots.add(
                        isReady(task)
                                ? new Slot(request, i, tail, ready(id, task, tail.nextPlace(), now))
                                : new Slot(request, i, tail, other(id, task, now)));
            }
        }
        insertAll(session, slots);
        for (Map.Entry<String, Tail> entry : tails.entrySet()) {
            long refused = entry.getValue().refused;
            if (refused > 0) {
                dialect.count(session, entry.getKey(), -refused, 0, 0, 0);
            }
        }
    }

    /// In two groups, for speed; but where two of them have the same id or unique key, one by one, since the first
    /// of the two is the one that is kept.
    private static void insertAll(Session session, List<Slot> slots) throws SQLException {
        if (haveRivals(slots)) {
            for (Slot slot : slots) {
                insert(session, slot.sql(), List.of(slot));
            }
            return;
        }
        for (String sql : List.of(INSERT_READY, INSERT_OTHER)) {
            insert(
                    session,
                    sql,
                    slots.stream().filter(slot -> slot.sql().equals(sql)).toList());
        }
    }

    private static boolean haveRivals(List<Slot> slots) {
        Set<List<String>> seen = new HashSet<>();
        for (Slot slot : slots) {
            NewTask task = slot.task();
            if (!task.id().isEmpty() && !seen.add(List.of(task.id()))
                    || !task.unique().isEmpty() && !seen.add(List.of(task.queue(), task.unique()))) {
                return true;
            }
        }
        return false;
    }

    /// One ready task, in one step if it is not kept already.
    private void acceptOne(Session session, Request request, long now) throws SQLException {
        request.begin();
        NewTask task = request.tasks.getFirst();
        String queue = task.queue();
        @Nullable Object[] values = ready(request.ids.getFirst(), task, 0, now);
        List<@Nullable Object> parameters = new ArrayList<>(values.length + 1);
        boolean _ = parameters.add(queue);
        boolean _ = parameters.addAll(Arrays.asList(values));
        if (task.id().isEmpty() && task.unique().isEmpty()) {
            // Its id is new, so nothing is in its place.
            session.last(dialect.acceptReady(), parameters.toArray());
            return;
        }
        if (session.update(dialect.acceptReady(), parameters.toArray()) == 1) {
            return;
        }
        Tail tail = new Tail();
        values = ready(request.ids.getFirst(), task, dialect.tail(session, queue, 1)[0], now);
        giveWay(session, INSERT_READY, new Slot(request, 0, tail, values));
        if (tail.refused > 0) {
            dialect.count(session, queue, -tail.refused, 0, 0, 0);
        }
    }

    /// Counts the tasks and takes their places, before their number is known for certain: in most cases this is all
    /// that happens to the numbers of a queue.
    private Map<String, Tail> tails(Session session, List<? extends Request> requests) throws SQLException {
        Map<String, Tail> tails = new TreeMap<>();
        for (Request request : requests) {
            for (NewTask task : request.tasks) {
                Tail tail = tails.computeIfAbsent(task.queue(), _ -> new Tail());
                tail.accepted++;
                tail.ready += isReady(task) ? 1 : 0;
            }
        }
        for (Map.Entry<String, Tail> entry : tails.entrySet()) {
            Tail tail = entry.getValue();
            tail.places = dialect.accept(session, entry.getKey(), tail.accepted, tail.ready);
        }
        return tails;
    }

    /// The ids that others may have used before.
    private static List<String> known(List<? extends Request> requests) {
        List<String> ids = new ArrayList<>();
        for (Request request : requests) {
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

    private static @Nullable Object[] ready(String id, NewTask task, long place, long now) {
        return new @Nullable Object[] {
            id,
            task.queue(),
            Row.place(place, task.priority()),
            single(task),
            now,
            now,
            now,
            task.payload(),
            task.priority(),
            unique(task)
        };
    }

    private static @Nullable Object[] other(String id, NewTask task, long now) {
        boolean dead = !task.bornDead().isEmpty();
        return new @Nullable Object[] {
            id,
            task.queue(),
            dead ? "DEAD" : "SCHEDULED",
            dead ? 0L : Math.addExact(now, Math.max(1, task.delay().toMillis())),
            single(task),
            now,
            now,
            now,
            task.payload(),
            dead ? DeadReason.MALFORMED.name() : null,
            dead ? TaskHistory.detail(task.bornDead()) : null,
            task.priority(),
            unique(task)
        };
    }

    private static int single(NewTask task) {
        return task.payload().length() >= Row.LARGE_FROM ? Row.LARGE : 0;
    }

    private static @Nullable String unique(NewTask task) {
        return task.unique().isEmpty() ? null : task.unique();
    }

    /// A task whose id or unique key is kept already is not inserted and not counted.
    private static void insert(Session session, String sql, List<Slot> slots) throws SQLException {
        if (slots.isEmpty()) {
            return;
        }
        PreparedStatement insert = session.statement(sql);
        for (Slot slot : slots) {
            Session.set(insert, slot.parameters);
            insert.addBatch();
        }
        int[] inserted = insert.executeBatch();
        for (int i = 0; i < inserted.length; i++) {
            if (inserted[i] != 1) {
                giveWay(session, sql, slots.get(i));
            }
        }
    }

    /// There was another task in the place of this one. Where others write at the same time, it may have ended
    /// between two statements; then this one is inserted after all.
    private static void giveWay(Session session, String sql, Slot slot) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            @Nullable String kept = kept(session, slot);
            if (kept != null) {
                slot.tail.refused++;
                slot.request.ids.set(slot.index, kept);
                return;
            }
            if (session.update(sql, slot.parameters) == 1) {
                return;
            }
        }
        throw new BrokerException("cannot enqueue a task with the unique key '"
                + slot.task().unique() + "': " + TRIES + " others that had it ended this very moment; try again");
    }

    /// The id of the task that is there in the place of this one. The unique key of a dead letter is free for
    /// others.
    private static @Nullable String kept(Session session, Slot slot) throws SQLException {
        NewTask task = slot.task();
        try (ResultSet rows = session.statement(
                        "SELECT id FROM (SELECT id, 0 AS way FROM task WHERE id = ? UNION ALL SELECT id, 1 FROM task"
                                + " WHERE queue = ? AND unique_key = ? AND state <> 'DEAD') found ORDER BY way LIMIT 1",
                        slot.id(),
                        task.queue(),
                        unique(task))
                .executeQuery()) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /// One task of a request.
    ///
    /// @param parameters of the statement that inserts it
    private record Slot(
            Request request, int index, Tail tail, @Nullable Object[] parameters) {
        NewTask task() {
            return request.tasks.get(index);
        }

        String id() {
            return request.ids.get(index);
        }

        String sql() {
            return isReady(task()) ? INSERT_READY : INSERT_OTHER;
        }
    }

    /// What is added to a queue.
    private static final class Tail {
        int accepted;
        int ready;
        long refused;
        long[] places = {};
        private int taken;

        long nextPlace() {
            return places[taken++];
        }
    }

    /// Tasks that one caller wants accepted.
    static class Request {
        final List<NewTask> tasks;
        private final List<String> made;
        private final List<String> ids;
        private final Set<List<String>> keys;

        /// @param maker gives ids to those that have none
        Request(List<NewTask> tasks, java.util.function.Supplier<String> maker) {
            this.tasks = List.copyOf(tasks);
            this.made = new ArrayList<>(tasks.size());
            for (NewTask task : this.tasks) {
                made.add(task.id().isEmpty() ? maker.get() : task.id());
            }
            this.ids = new ArrayList<>(made);
            this.keys = keys(this.tasks);
        }

        private static Set<List<String>> keys(List<NewTask> tasks) {
            Set<List<String>> keys = new HashSet<>();
            for (NewTask task : tasks) {
                if (!task.id().isEmpty()) {
                    keys.add(List.of(task.id()));
                }
                if (!task.unique().isEmpty()) {
                    keys.add(List.of(task.queue(), task.unique()));
                }
            }
            return keys;
        }

        /// What others may have, too: the ids that the tasks came with, and their unique keys with their
        /// queues.
        final Set<List<String>> keys() {
            return keys;
        }

        /// A first time may have left no trace in the database; it leaves none here either.
        private void begin() {
            for (int i = 0; i < made.size(); i++) {
                ids.set(i, made.get(i));
            }
        }

        /// The ids under which the tasks are kept, after [Insertion#insert].
        List<String> ids() {
            return List.copyOf(ids);
        }
    }
}
