package dev.muster.broker.postgres;

import dev.muster.broker.sql.Session;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// A row that is written with a transaction, to find out later whether it was committed, when the connection breaks
/// in the moment of the commit.
///
/// The id of the transaction would not do: a server that crashes before it was written to its log gives it to another.
///
/// @param mark in the order of time, so that old ones lie together
record Receipt(UUID mark) {
    /// So long it is kept.
    static final long KEPT_MILLIS = 600_000;

    /// Commits the transaction with it, in one round trip. Its parameter is the mark.
    static final String COMMIT = "INSERT INTO receipt(mark) VALUES(CAST(? AS uuid)); COMMIT";

    /// The same, and then says a word to whoever listens, which is no change that must be kept: nobody waits for
    /// the disk because of it. An error may come from that, too: the receipt tells. Its parameters are the mark,
    /// the channel and the word.
    static final String COMMIT_AND_SAY =
            COMMIT + "; SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

    private static final String TAKE = "INSERT INTO receipt(mark) VALUES(CAST(? AS uuid)) ON CONFLICT DO NOTHING";
    private static final String STORED = "SELECT count(*) FROM receipt WHERE mark = CAST(? AS uuid)";
    private static final String FORGET = "DELETE FROM receipt WHERE mark < CAST(? AS uuid)";

    static Receipt next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return of(System.currentTimeMillis(), random.nextLong(), random.nextLong());
    }

    private static Receipt of(long millis, long high, long low) {
        // The layout of a UUID of version 7.
        return new Receipt(new UUID(millis << 16 | 0x7000 | high & 0xfff, 1L << 63 | low >>> 2));
    }

    /// Whether the transaction with it was committed. If the server still works on that, it is waited for. If it
    /// was not, it never will be: the mark is taken, and a commit that reaches the server only now, late from the
    /// network, fails by it. May be asked again.
    ///
    /// @param session in a transaction that is committed afterwards
    boolean kept(Session session) throws SQLException {
        if (session.update(TAKE, mark.toString()) == 0) {
            return session.number(STORED, refusal().toString()) == 0;
        }
        int _ = session.update(TAKE, refusal().toString());
        return false;
    }

    /// The row that says that this mark was taken by who looked for it, not by its transaction.
    private UUID refusal() {
        return new UUID(mark.getMostSignificantBits(), mark.getLeastSignificantBits() ^ 1);
    }

    /// Whether the transaction with it was committed, if it has surely ended.
    boolean stored(Session session) throws SQLException {
        return session.number(STORED, mark.toString()) == 1;
    }

    /// Removes those that nobody asks for any more.
    ///
    /// @param now by the clock of the server: that of one machine, if it is fast, must not end the receipts of all
    static void forget(Session session, long now) throws SQLException {
        int _ = session.update(FORGET, of(now - KEPT_MILLIS, 0, 0).mark.toString());
    }
}
