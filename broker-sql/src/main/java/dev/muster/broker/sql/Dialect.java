package dev.muster.broker.sql;

import java.sql.SQLException;
import java.util.Collection;

/// What SQLite and PostgreSQL are told in different words, because the one has a single writer and the other many.
///
/// **Threads:** safe for use by many threads.
public interface Dialect {
    /// The columns of a claimed task, for [#claim]; they hold one parameter.
    String COLUMNS = Row.OF_CLAIM;

    /// The statement that makes the first ready tasks of a queue, by `place`, into claimed ones: state `RUNNING`,
    /// the owner, a token one higher. It returns their [#COLUMNS], in any order.
    ///
    /// Parameters: 1 queue, 2 the last place that may be claimed, 3 the largest `single` that may be, 4 how many at
    /// most, 5 owner, 6 now (ms since 1970, for `changed_at`), 7 that of the columns. Where others write at the
    /// same time it passes over tasks that they have locked, and needs the third: of the tasks that must be claimed
    /// by themselves, one may have become ready since the last place was looked for. Else there is none before that
    /// place.
    String claim();

    /// Where nobody else writes in the meantime, [#claim] and [#claimAtOnce] may only read the tasks, as they will
    /// be, and this statement changes them, which is quicker; else empty. Parameters: 1 owner, 2 now, 3 queue, 4
    /// how many were read; they are the first ready ones by their places.
    default String markClaimed() {
        return "";
    }

    /// A statement that does in one step what is usual when a worker has been woken: as [#claim], but it claims
    /// nothing while the queue is paused, has scheduled tasks whose time has come, or tasks that must be claimed by
    /// themselves.
    ///
    /// Parameters: 1 to 4 queue, 5 now, 6 how many at most, 7 owner, 8 now, 9 that of the columns.
    String claimAtOnce();

    /// A statement that accepts one ready task and takes its place, and counts it, where that saves a round trip;
    /// else empty. It changes no row if the id or the unique key is kept already, and has counted the task all the
    /// same.
    ///
    /// Parameters: 1 queue, 2 id, 3 queue, 4 what is added to its place, 5 single, 6 to 8 now, 9 payload, 10
    /// priority, 11 unique key.
    default String acceptReady() {
        return "";
    }

    /// The table or view that has the numbers of all queues: `name`, `accepted`, `done`, `deleted`, `retried`.
    String account();

    /// Counts accepted tasks of a queue, which need not have been known before, and takes the places for those that
    /// are ready, behind all others.
    ///
    /// Whoever changes the numbers of several queues in a transaction, or takes places in them, does it in the
    /// order of their names.
    ///
    /// @return as many places as there are ready ones, ascending
    long[] accept(Session session, String queue, int accepted, int ready) throws SQLException;

    /// Adds to the numbers of a queue.
    ///
    /// @param accepted negative to take some back
    void count(Session session, String queue, long accepted, long done, long deleted, long retried) throws SQLException;

    /// Takes places at the tail of a queue.
    ///
    /// @return ascending
    long[] tail(Session session, String queue, int count) throws SQLException;

    /// The present time by the clock that all who share the database have in common, in ms since 1970, as an
    /// expression.
    String now();

    /// Says inside a transaction that the queue has something new once it is committed, where that can be said.
    void announce(Session session, String queue) throws SQLException;

    /// Before the statements of a broker run in the transaction of a caller: makes the tables known there.
    void enter(Session session) throws SQLException;

    /// After them: leaves everything as the caller had it.
    void leave(Session session) throws SQLException;

    /// What stands behind a `SELECT … ORDER BY … LIMIT` to lock its rows and pass over those that others have
    /// locked: ` FOR UPDATE SKIP LOCKED`, or nothing where there is one writer.
    String skipLocked();

    /// Whether several transactions write at the same time: then one that inserts a task waits, while another that
    /// is open has the same id or unique key.
    default boolean contends() {
        return false;
    }

    /// From here on the transaction waits for others for a moment only, and then fails.
    default void hurry(Session session) throws SQLException {}

    /// Keeps others from changing these tasks until the transaction ends; waits for those who do. Locks are taken
    /// in the order of the ids, so that two who want the same tasks do not wait for each other. Ids that are not
    /// kept are ignored; there may be none at all.
    void lock(Session session, Collection<String> ids) throws SQLException;
}
