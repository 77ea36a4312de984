package dev.muster.broker.postgres;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Hears what other processes notify, on a connection and a platform thread of its own.
///
/// **Threads:** any may close it. **Lifetime:** that of its thread, which ends after [#close]. **Failure:** a
/// connection that breaks is replaced, again and again with growing pauses up to 5 s; then everything counts as
/// changed, because nobody knows what was said meanwhile.
final class Listener implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.postgres");
    private static final int SILENCE_MILLIS = 30_000;
    private static final int ANSWER_SECONDS = 5;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final Address address;
    private final Consumer<String> heard;
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private long pause = FIRST_PAUSE;

    private Listener(Address address, Consumer<String> heard) {
        this.address = address;
        this.heard = heard;
        this.thread =
                Thread.ofPlatform().name("muster-postgres-listen").daemon().unstarted(this::run);
    }

    /// @param heard called with each message, and with an empty one when something may have been missed
    static Listener start(Address address, Consumer<String> heard) {
        Listener listener = new Listener(address, heard);
        listener.thread.start();
        return listener;
    }

    boolean listening() {
        return connection != null;
    }

    private void run() {
        while (!closed) {
            try (Connection open = address.source().getConnection()) {
                listen(open);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.log(Level.DEBUG, "cannot listen for new tasks of " + address.name() + "; trying again", e);
                }
            } finally {
                connection = null;
            }
            if (!closed) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause));
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    private void listen(Connection open) throws SQLException {
        try (Statement statement = open.createStatement()) {
            boolean _ = statement.execute("LISTEN " + PostgresDialect.channel(address.schema()));
        }
        connection = open;
        pause = FIRST_PAUSE;
        heard.accept("");
        PGConnection server = open.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification @Nullable [] messages = server.getNotifications(SILENCE_MILLIS);
            if (messages == null || messages.length == 0) {
                // Nothing to hear, or nobody there to say it.
                if (!open.isValid(ANSWER_SECONDS)) {
                    return;
                }
                continue;
            }
            for (PGNotification message : messages) {
                heard.accept(message.getParameter());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Connection open = connection;
        if (open != null) {
            try {
                // Ends the wait, which a close would wait for.
                open.abort(Runnable::run);
            } catch (SQLException e) {
                // It is broken already.
            }
        }
    }
}
