package dev.muster.broker.sqlite;

import dev.muster.broker.sql.SqlBroker;
import dev.muster.task.Broker;
import java.nio.file.Path;

/// The queue in one SQLite file, shared by all processes of the machine.
///
/// **Failure:** as [Broker] says. The lock of a process that dies is free at once; that of a process that is stopped
/// keeps the others waiting until it is killed.
final class SqliteBroker extends SqlBroker {
    private static final String TOUCH =
            "UPDATE task SET changed_at = changed_at WHERE id = ? AND token = ? AND state = 'RUNNING'";

    private final Database database;
    private final Durability durability;
    private final long maxSize;

    private SqliteBroker(Database database, Durability durability, long maxSize) {
        super(database, maxSize);
        this.database = database;
        this.durability = durability;
        this.maxSize = maxSize;
    }

    /// Opens the queue, making it if it is missing.
    ///
    /// @param libraries directory for the driver's native library
    /// @param maxSize bytes; of larger messages only the beginning is handed to workers
    static SqliteBroker open(Path file, Path libraries, Durability durability, long maxSize) {
        return new SqliteBroker(Database.open(file, libraries, durability), durability, maxSize);
    }

    /// A claim is committed without waiting for the disk. One more commit that does wait takes it along: the log is
    /// written in order.
    @Override
    public boolean secure(Claim claim) {
        return durability == Durability.PROCESS
                || database.intake()
                        .write(
                                "secure the claim of the task " + claim.id(),
                                session -> session.update(TOUCH, claim.id(), claim.token()) == 1);
    }

    @Override
    public String durability() {
        return durability.word();
    }

    @Override
    public Broker rehearsal() {
        return new SqliteBroker(Database.inMemory(), durability, maxSize);
    }
}
