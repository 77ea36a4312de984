package dev.muster.broker.sql;

import dev.muster.task.BrokerException;
import java.sql.SQLException;

/// Runs work on a connection of its own choice.
///
/// **Threads:** safe for use by many threads; each piece of work has its connection for itself. **Failure:** what the
/// database throws becomes a [BrokerException] that says what to do. A process that dies inside a transaction leaves no
/// trace of it.
public interface Lane {
    /// Does the work in one transaction, ended before it returns. It may be called again, after a first time that
    /// left no trace: when room was made on a full disk, or after a deadlock. So it changes nothing but the
    /// database, or only what a repetition sets right.
    ///
    /// @param what for the message of an error: `enqueue 3 tasks`
    <T> T write(String what, Work<T> work);

    /// Does the work without a transaction around it: each statement sees one state.
    <T> T read(String what, Work<T> work);

    /// What is done on a connection.
    @FunctionalInterface
    interface Work<T> {
        /// Does it, with statements of the session alone.
        T on(Session session) throws SQLException;
    }
}
