package dev.muster.broker.sqlite;

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

    /// The parameter is how many characters of a large message are read.
    static final String COLUMNS = "id, queue, state, token, attempts, crashes, single, first_at, crash_times, history,"
            + " CASE WHEN single & 1 THEN substr(payload, 1, ?) ELSE payload END";

    /// @param skip how many columns stand before those of [#COLUMNS]
    static Row of(ResultSet rows, int skip) throws SQLException {
        return new Row(
                rows.getString(skip + 1),
                rows.getString(skip + 2),
                rows.getString(skip + 3),
                rows.getLong(skip + 4),
                rows.getInt(skip + 5),
                rows.getInt(skip + 6),
                rows.getInt(skip + 7),
                rows.getLong(skip + 8),
                rows.getString(skip + 9),
                rows.getString(skip + 10),
                rows.getString(skip + 11));
    }

    Claim claim() {
        return new Claim(id, token, queue, payload, attempts, crashes, (single & ALONE) != 0, firstAt);
    }
}
