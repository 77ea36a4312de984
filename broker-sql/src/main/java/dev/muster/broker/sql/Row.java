package dev.muster.broker.sql;

import dev.muster.task.Broker.Claim;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A task as it lies in its table, as far as its claim and its past go.
///
/// @param single see [#LARGE] and [#ALONE]
/// @param firstAt when the first attempt that it has spent was claimed, in milliseconds since 1970; 0 for none
/// @param crashTimes milliseconds since 1970 of the crashes that count, separated by commas
record Row(
        long place,
        String id,
        String queue,
        String state,
        long token,
        int attempts,
        int crashes,
        int single,
        long firstAt,
        @Nullable String crashTimes,
        @Nullable String history,
        String payload) {
    /// The message is so large that it is claimed by itself.
    static final int LARGE = 1;

    /// The task must run alone.
    static final int ALONE = 2;

    /// Messages from this length on are [#LARGE]: a batch of smaller ones fits into a small heap.
    static final int LARGE_FROM = 16 << 10;

    /// Tasks of one priority more come before those that are less by so many places: more than a queue will ever
    /// have.
    static final long BY_PRIORITY = 1L << 48;

    /// Where a task stands in its queue.
    ///
    /// @param number of the place, from 1
    static long place(long number, int priority) {
        return number - priority * BY_PRIORITY;
    }

    private static final String MESSAGE = "CASE WHEN (single & 1) = 1 THEN substr(payload, 1, ?) ELSE payload END";

    /// The parameter is how many characters of a large message are read, see [#readable].
    static final String COLUMNS =
            "place, id, queue, state, token, attempts, crashes, single, first_at, crash_times, history, " + MESSAGE;

    /// What is read of a task that is claimed, see [#claimed]; the parameter is the same.
    static final String OF_CLAIM = "place, id, token, attempts, crashes, single, first_at, " + MESSAGE;

    /// One character more than is legal shows that a message is too large.
    ///
    /// @param maxSize bytes
    static int readable(long maxSize) {
        return (int) Math.min(maxSize, Integer.MAX_VALUE - 1) + 1;
    }

    /// @param rows whose columns are [#COLUMNS]
    static Row of(ResultSet rows) throws SQLException {
        return new Row(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getLong(5),
                rows.getInt(6),
                rows.getInt(7),
                rows.getInt(8),
                rows.getLong(9),
                rows.getString(10),
                rows.getString(11),
                rows.getString(12));
    }

    /// A claim of a queue.
    ///
    /// @param rows whose columns are [#OF_CLAIM]
    static Claim claimed(ResultSet rows, String queue) throws SQLException {
        return new Claim(
                rows.getString(2),
                rows.getLong(3),
                queue,
                rows.getString(8),
                rows.getInt(4),
                rows.getInt(5),
                (rows.getInt(6) & ALONE) != 0,
                rows.getLong(7));
    }

    Claim claim() {
        return new Claim(id, token, queue, payload, attempts, crashes, (single & ALONE) != 0, firstAt);
    }
}
