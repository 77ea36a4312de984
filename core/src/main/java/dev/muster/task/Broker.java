package dev.muster.task;

import dev.muster.control.Message.DeadWorker;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The port behind which a durable store of tasks stands. All brokers show the same behaviour, held by one test kit
/// (`dev.muster.testkit.BrokerContract`).
///
/// **Words.** A task is *accepted* when [#enqueue] has returned, *claimed* when it is reserved by an incarnation,
/// *started* when its worker has marked it on the board, *finished* when its outcome is stored under the claim's token.
///
/// **Threads:** safe for use by many threads. **Lifetime:** closed by whoever opened it. **Failure:** every method may
/// throw [BrokerException]; nothing has changed then, or the whole change has been made and a repetition is harmless. A
/// process may die inside any method: a change is either wholly there or not at all.
public interface Broker extends TaskDesk, AutoCloseable {
    /// So far [#ready] counts; it stands for as many or more.
    long MANY = 1000;

    /// Accepts tasks. When it returns, all of them are kept with the durability that the store promises.
    ///
    /// @param tasks 1 to 10,000 new tasks
    /// @return their ids, in the same order
    List<String> enqueue(List<NewTask> tasks);

    /// Accepts tasks inside a transaction of the caller's own: they are kept, and can be seen, once he commits, and
    /// have never been if he rolls back.
    ///
    /// @param connection to the database of the store, in a transaction; neither committed nor closed here
    /// @throws BrokerException if the store is no database, or has no tables of tasks
    default List<String> enqueue(Connection connection, List<NewTask> tasks) {
        throw new BrokerException("the store of the tasks takes no part in a transaction of yours: it is no"
                + " database; set tasks.broker to postgres or sqlite, or enqueue after the commit");
    }

    /// Reserves up to `max` ready tasks of the queue for the owner: those of the highest priority first, and among
    /// them the oldest. None while the queue is paused. Counts nothing: a claim can be given back. A task that must
    /// run alone, because it was running when a process died, comes as the only one, and so does a large one. Of a
    /// message above `tasks.maxSize` only so much is delivered that it can be seen to be too large.
    List<Claim> claim(String queue, String owner, int max);

    /// Stores outcomes, each under the token of its claim, in one step.
    ///
    /// @return the outcomes that were refused because their token is stale: another worker has the task by now, or
    ///     it is finished. They are kept as a note in the history of the task.
    List<Outcome> settle(List<Outcome> outcomes);

    /// Gives claims back untouched; they are the next to be claimed. Stale ones are ignored.
    void giveBack(List<Claim> claims);

    /// Gives back everything that a dead worker had claimed. Idempotent: a second call for the same incarnation
    /// finds nothing.
    ///
    /// - Only claimed: it goes back untouched and keeps its place.
    /// - Started, verdict `CRASH`: it spends a crash. The third within 72 hours ends it as a dead letter; else it
    ///   goes to the tail, and when several were started each of them runs alone next.
    /// - Started, verdict `DEADLINE`: the guilty one spends an attempt and comes again as the terms say, or ends as
    ///   a dead letter; the others go to the tail and spend nothing.
    /// - Started, verdict `ORDERED`: it goes to the tail and spends nothing.
    /// - Started with `onCrash = DEAD`, whatever the verdict: it ends as a dead letter. If it is not known what was
    ///   started, each claimed task with `onCrash = DEAD` does, and the others go back untouched.
    ///
    /// @param policy what the application says about the tasks concerned
    ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy);

    /// As [#reclaim], for an owner of whom nothing is known but that its lease has run out: nothing is given back
    /// if it has renewed that meanwhile, since it may have claimed anew and work on it.
    default ReclaimReport reclaimLapsed(DeadWorker dead, CrashPolicy policy) {
        return reclaim(dead, policy);
    }

    /// Returns when the claim is kept with the durability of an accepted task. A store that forgets a claim hands
    /// its task out again, which must not happen to one that may be started only once.
    ///
    /// @return false if the claim is stale
    default boolean secure(Claim claim) {
        return true;
    }

    /// Whether a claim that was made through it is surely still that of its owner. Not if the owner's lease may
    /// have run out since, though it was renewed: others may have given the task back, and started it.
    default boolean holds(Claim claim) {
        return true;
    }

    /// Whether workers of several machines may share the store, so that nobody sees all of them end. Their claims
    /// are theirs while they renew their leases.
    default boolean shared() {
        return false;
    }

    /// Says that this owner lives.
    ///
    /// @param lease how long it keeps its claims without saying so again; of a store that is not shared they are
    ///     its own in any case
    default void renew(String owner, Duration lease) {}

    /// The incarnations that hold claims; of a shared store those of them whose lease has run out. After a reboot
    /// nobody can announce the dead any more: whoever starts first gives back, with `startedKnown = false`, the
    /// work of those that do not live.
    Set<String> owners();

    /// What this owner has claimed and neither settled nor given back. A claim whose answer was lost is found so.
    List<Claim> held(String owner);

    /// Waits until there may be something to claim in one of the queues, or the time is over; may return early for
    /// no reason.
    ///
    /// @param queues 1 to 64 names
    void await(List<String> queues, Duration wait) throws InterruptedException;

    /// As [#await(List, Duration)], for one queue.
    default void await(String queue, Duration wait) throws InterruptedException {
        await(List.of(queue), wait);
    }

    /// How many tasks are ready in these queues, up to [#MANY] in all; those of paused queues are not. Each idle
    /// worker asks for it every few seconds, so it costs no more in a store that keeps many.
    default long ready(Collection<String> queues) {
        Set<String> paused = paused();
        Map<String, QueueCounts> counts = counts();
        long ready = 0;
        for (String queue : queues) {
            QueueCounts count = counts.get(queue);
            ready += count == null || paused.contains(queue) ? 0 : count.ready();
        }
        return Math.min(ready, MANY);
    }

    /// Ends all [#await] calls of every process at once.
    void wake();

    /// Those of the owner's claims whose tasks were cancelled since they were claimed.
    Set<String> cancelled(String owner);

    /// Remembers how far a claimed task has come, for [#find]. A stale claim is ignored.
    ///
    /// @param progress JSON text of at most 4,096 characters; replaces the earlier one
    void progress(Claim claim, String progress);

    /// What the nodes that share the store agree on.
    Coordination coordination();

    /// The durability in one word, for reports: `power` or `process` for SQLite.
    String durability();

    /// A store of the same kind to play in: nobody else sees what happens in it, and nothing of that is kept. It
    /// loads the code that the real one needs, and is used for one queue that does not exist.
    ///
    /// @return null if there is no such thing; otherwise to be closed by the caller
    default @Nullable Broker rehearsal() {
        return null;
    }

    @Override
    void close();

    /// A task to be accepted.
    ///
    /// @param id 1 to 64 letters, digits and `._:-`, or empty for one that the broker makes; a task whose id is
    ///     kept already is not accepted a second time, and the same id is returned
    /// @param queue see [QueueName]
    /// @param payload the message, JSON text of at most 64 MiB; what cannot be run is found when it is claimed
    /// @param delay before it becomes ready, 0 to 3660 days
    /// @param bornDead why it is accepted as a dead letter at once, with the reason `MALFORMED`, else empty
    /// @param priority -9 to 9; among the ready tasks of a queue the higher comes first, whatever their age
    /// @param unique at most 200 characters, empty for none: while a task of the same queue with the same key is
    ///     ready, scheduled or running, this one is not accepted, and the id of that one is returned
    record NewTask(
            String id, String queue, String payload, Duration delay, String bornDead, int priority, String unique) {
        /// The largest message that is accepted, in bytes of UTF-8.
        public static final int MAX_PAYLOAD = 64 << 20;

        /// Priorities go from minus this number to it.
        public static final int MAX_PRIORITY = 9;

        /// @throws IllegalArgumentException if one of them is not legal
        public NewTask {
            QueueName.checked(queue);
            if (!id.isEmpty() && !MessageHead.legalId(id)) {
                throw new IllegalArgumentException("the id '" + StackText.shorten(id, 64)
                        + "' of a task is not legal: 1 to 64 letters, digits and ._:- make one");
            }
            if (payload.length() > MAX_PAYLOAD / 3 && TaskMessage.utf8Length(payload) > MAX_PAYLOAD) {
                throw new IllegalArgumentException("a message has at most " + MAX_PAYLOAD + " bytes, this one has "
                        + TaskMessage.utf8Length(payload) + "; keep the data elsewhere and send its place");
            }
            TaskLimits.delay(delay);
            TaskLimits.priority(priority);
            TaskLimits.unique(unique);
        }

        /// A task of the usual priority that may be there several times.
        public NewTask(String id, String queue, String payload, Duration delay, String bornDead) {
            this(id, queue, payload, delay, bornDead, 0, "");
        }

        /// A task whose id is that of the message, if it has a legal one.
        public NewTask(String queue, String payload, Duration delay, String bornDead) {
            this(MessageHead.idOf(payload), queue, payload, delay, bornDead);
        }

        /// A task that is ready at once.
        public static NewTask of(String queue, String payload) {
            return new NewTask(queue, payload, Duration.ZERO, "");
        }

        /// A task as a producer writes it on a line: its own `id`, `queue`, `at`, `priority` and `unique`
        /// count. A line that cannot be parsed becomes a task that is born dead.
        public static NewTask ofLine(String line, String defaultQueue) {
            return MessageHead.newTask(line, defaultQueue, System.currentTimeMillis());
        }
    }

    /// What the application says about the tasks of a dead worker.
    ///
    /// **Threads:** called by the thread that calls [#reclaim].
    @FunctionalInterface
    interface CrashPolicy {
        /// The terms of one task. Never throws; a message that names no task has terms too.
        Terms terms(Claim claim);

        /// @param onCrash whether the task may be started again at all
        /// @param again the message that is put back when one more attempt is spent, null if that was the last
        /// @param delay before it is tried again then
        record Terms(OnCrash onCrash, @Nullable String again, Duration delay) {}
    }

    /// A reserved task.
    ///
    /// @param id of the task
    /// @param token of this claim; an outcome is stored only while it is current
    /// @param queue where it lay
    /// @param payload the message
    /// @param attempts how many attempts it has spent
    /// @param crashes how many crashes it has spent
    /// @param alone whether it must be the only started task of its process
    /// @param firstAttemptAt when the first attempt that it has spent was claimed, in milliseconds since 1970; 0 if
    ///     it has spent none
    record Claim(
            String id,
            long token,
            String queue,
            String payload,
            int attempts,
            int crashes,
            boolean alone,
            long firstAttemptAt) {
        /// A task that has spent no attempt, or of which it is not asked since when.
        public Claim(String id, long token, String queue, String payload, int attempts, int crashes, boolean alone) {
            this(id, token, queue, payload, attempts, crashes, alone, 0);
        }
    }

    /// How an attempt ended.
    sealed interface Outcome {
        /// The claim it belongs to.
        Claim claim();

        /// It succeeded and leaves the store, at once or when its result has been kept for long enough.
        ///
        /// @param result JSON text, empty for none
        /// @param keep how long [#find] shows the task with its result
        record Done(Claim claim, String result, Duration keep) implements Outcome {
            /// Without a result.
            public Done(Claim claim) {
                this(claim, "", Duration.ZERO);
            }
        }

        /// It failed, spends an attempt, and comes again after the delay.
        ///
        /// @param payload what is put back: the message with its remaining `retry`
        record Retry(Claim claim, String payload, Duration delay, String error) implements Outcome {}

        /// It was not time for it: it comes again after the delay, the same in everything, and spends nothing.
        /// Of several in a row only the last one stays in its history.
        ///
        /// @param why for its history, may be empty
        record Snooze(Claim claim, Duration delay, String why) implements Outcome {}

        /// It ends as a dead letter.
        ///
        /// @param reason a [DeadReason] word for counting
        /// @param detail one line or a stack for people
        record Dead(Claim claim, DeadReason reason, String detail) implements Outcome {}
    }

    /// What a reclaim did.
    ///
    /// @param requeued tasks that went back
    /// @param dead tasks that became dead letters
    record ReclaimReport(int requeued, int dead) {}

    /// The numbers of a queue: `accepted = ready + scheduled + running + done + dead + deleted` at every moment.
    ///
    /// @param retried how often a task came again after a failed attempt
    record QueueCounts(
            long accepted,
            long ready,
            long scheduled,
            long running,
            long done,
            long dead,
            long deleted,
            long retried) {}

    /// A kept task as people see it.
    ///
    /// @param state READY, SCHEDULED, RUNNING, DEAD or DONE
    /// @param reason of death, empty unless dead
    /// @param history one line for each failed attempt, crash, snooze and late result; the first and the last ten
    ///     are kept
    /// @param owner the incarnation that has claimed it, empty unless running
    /// @param dueAtEpochMillis from when on it is ready, 0 unless scheduled
    /// @param cancelled whether it is running and was cancelled meanwhile
    /// @param progress JSON text, empty if it has said nothing
    /// @param result JSON text, empty unless done with one
    record TaskView(
            String id,
            String queue,
            String state,
            String payload,
            int attempts,
            int crashes,
            String reason,
            String detail,
            long acceptedAtEpochMillis,
            long changedAtEpochMillis,
            List<String> history,
            int priority,
            String unique,
            String owner,
            long dueAtEpochMillis,
            boolean cancelled,
            String progress,
            String result) {}
}
