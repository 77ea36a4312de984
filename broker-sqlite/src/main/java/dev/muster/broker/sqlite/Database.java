package dev.muster.broker.sqlite;

import dev.muster.broker.sql.Changes;
import dev.muster.broker.sql.Dialect;
import dev.muster.broker.sql.Lane;
import dev.muster.broker.sql.Store;
import dev.muster.task.BrokerException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The file of the queue, open: two connections, so that a process that waits for the disk to keep what it enqueues
/// does not keep itself from claiming. All work on it goes through [Lane#write] and [Lane#read].
///
/// A file that is removed, or replaced by another one, would be used on for as long as it is open, and seen by nobody
/// else. So now and then the file that is open is compared with the one of this name, and that one is used.
///
/// **Threads:** safe for use by many threads; each lane does one thing at a time. **Failure:** a process that dies
/// inside a transaction leaves no trace of it: the next one that opens the log finds it unfinished.
final class Database implements Store {
    /// What SQLite takes for a database without a file.
    private static final Path MEMORY = Path.of(":memory:");

    private static final System.Logger LOG = System.getLogger("dev.muster.broker.sqlite");
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Path file;
    private final Connected ledger = new Connected("NORMAL");
    private final Connected intake;
    private volatile Turn turn;
    private volatile boolean closed;
    /// How often the file was replaced; each connection belongs to one of these.
    private final AtomicInteger replaced = new AtomicInteger();
    private volatile long lookedAt;
    /// Which file it is; guarded by this.
    private Object identity;

    private Database(Path file, Durability durability) throws IOException {
        this.file = file;
        makePrivate(file);
        this.turn = turnOf(file);
        this.identity = identityOf(file);
        this.lookedAt = System.nanoTime();
        this.intake = new Connected(durability == Durability.POWER ? "FULL" : "NORMAL");
    }

    private Database() {
        this.file = MEMORY;
        this.turn = Turn.alone();
        this.identity = MEMORY;
        // A second connection would have a memory of its own.
        this.intake = ledger;
    }

    /// An empty queue in the memory of this process; it is gone when it is closed.
    static Database inMemory() {
        Database database = new Database();
        boolean _ = database.ledger.run("open", session -> {
            Schema.migrate(session, MEMORY);
            return true;
        });
        return database;
    }

    /// Opens the file, making it if it is missing.
    ///
    /// @throws BrokerException with the reason and what to do
    static Database open(Path file, Path libraries, Durability durability) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new BrokerException("cannot keep the queue in " + file + ": it is not a file; set tasks.sqlite.file");
        }
        try {
            Directories.makePrivate(directory);
        } catch (IOException e) {
            throw new BrokerException(
                    "cannot make the directory " + directory + " for the queue: " + e
                            + "; make it yourself, or set data.dir to another",
                    e);
        }
        if (!Files.isWritable(directory)) {
            throw new BrokerException("cannot keep the queue in " + file + ": this user cannot write to " + directory
                    + "; change its owner or mode, or set data.dir to another");
        }
        NativeLibrary.use(libraries);
        Database database;
        try {
            database = new Database(file, durability);
        } catch (IOException e) {
            throw new BrokerException("cannot make the file " + file + " for the queue: " + e, e);
        }
        try {
            database.ledger.run("open", session -> {
                Schema.prepare(session, file);
                return true;
            });
            return database;
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    /// Messages are not for everybody's eyes. A file that exists is not touched: to open and close it would drop
    /// the locks that this process holds on it through another broker.
    private static void makePrivate(Path file) throws IOException {
        try {
            Path _ = Files.createFile(
                    file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // The usual case.
        }
    }

    private static Turn turnOf(Path file) {
        return Turn.open(file.resolveSibling(file.getFileName() + "-turn"));
    }

    /// Which file has this name, unlike any other that has it before or after.
    private static Object identityOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    /// Uses another file if there is another one by now.
    private void look() throws SQLException {
        if (file.equals(MEMORY) || System.nanoTime() - lookedAt < BETWEEN_LOOKS) {
            return;
        }
        synchronized (this) {
            lookedAt = System.nanoTime();
            try {
                if (Files.exists(file) && identityOf(file).equals(identity)) {
                    return;
                }
                LOG.log(
                        Level.WARNING,
                        "the queue in " + file + " was removed or replaced by somebody, and with it all tasks that it"
                                + " held; from now on what is there is used");
                Directories.makePrivate(
                        Objects.requireNonNull(file.toAbsolutePath().getParent()));
                makePrivate(file);
                Object fresh = identityOf(file);
                turn = turnOf(file);
                try (SqliteSession session = SqliteSession.connect(file, turn)) {
                    Schema.prepare(session, file);
                }
                identity = fresh;
                int _ = replaced.incrementAndGet();
            } catch (IOException e) {
                throw new BrokerException("cannot make the file " + file + " for the queue anew: " + e, e);
            }
        }
    }

    @Override
    public Lane ledger() {
        return ledger;
    }

    @Override
    public Lane intake() {
        return intake;
    }

    @Override
    public Changes changes() {
        return turn;
    }

    @Override
    public Dialect dialect() {
        return SqliteDialect.ONE_WRITER;
    }

    @Override
    public void close() {
        closed = true;
        ledger.close();
        intake.close();
    }

    @FunctionalInterface
    private interface Connecting<T> {
        T on(SqliteSession session) throws SQLException;
    }

    /// One connection, opened when it is first used, and anew after it was lost.
    private final class Connected implements Lane {
        private final String synchronous;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable SqliteSession session;
        private int ofReplaced;

        private Connected(String synchronous) {
            this.synchronous = synchronous;
        }

        @Override
        public <T> T write(String what, Work<T> work) {
            return run(what, open -> {
                try {
                    return transaction(open, work);
                } catch (SQLException e) {
                    if (Failures.code(e) != Failures.FULL || !makeRoom()) {
                        throw e;
                    }
                    return transaction(session(), work);
                }
            });
        }

        private <T> T transaction(SqliteSession open, Work<T> work) throws SQLException {
            open.begin();
            T result = work.on(open);
            open.commit();
            return result;
        }

        /// On a full disk the log may be what fills it: what it holds goes to its place, and it begins anew.
        private boolean makeRoom() {
            drop();
            try {
                session().execute("PRAGMA wal_checkpoint(TRUNCATE)");
                return true;
            } catch (SQLException e) {
                return false;
            }
        }

        @Override
        public <T> T read(String what, Work<T> work) {
            return run(what, work::on);
        }

        private <T> T run(String what, Connecting<T> work) {
            lock.lock();
            try {
                if (closed) {
                    throw new BrokerException("cannot " + what + ": the queue in " + file + " is closed");
                }
                try {
                    look();
                    return work.on(session());
                } catch (SQLException e) {
                    drop();
                    throw Failures.explain(what, file, e, turn.lastHolder());
                } catch (RuntimeException | Error e) {
                    drop();
                    throw e;
                }
            } finally {
                lock.unlock();
            }
        }

        private SqliteSession session() throws SQLException {
            SqliteSession open = session;
            if (open != null && ofReplaced != replaced.get()) {
                drop();
                open = null;
            }
            if (open == null) {
                ofReplaced = replaced.get();
                open = SqliteSession.connect(file, turn);
                session = open;
                open.execute("PRAGMA synchronous=" + synchronous);
                open.execute("PRAGMA temp_store=MEMORY");
                open.execute("PRAGMA cache_size=-4096");
                open.execute("PRAGMA journal_size_limit=67108864");
                // 16 MB: a commit that checkpoints waits for the disk, 3 ms and more, and is one of some hundred then.
                open.execute("PRAGMA wal_autocheckpoint=4000");
            }
            return open;
        }

        private void drop() {
            SqliteSession open = session;
            session = null;
            if (open != null) {
                try {
                    open.close();
                } catch (SQLException e) {
                    // It is gone either way, and its locks with it.
                }
            }
        }

        private void close() {
            lock.lock();
            try {
                drop();
            } finally {
                lock.unlock();
            }
        }
    }
}
