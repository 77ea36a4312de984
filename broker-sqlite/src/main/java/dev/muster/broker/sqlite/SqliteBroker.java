package dev.muster.broker.sqlite;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The queue in one SQLite file, shared by all processes of the machine.
///
/// **Threads:** safe for use by many threads; [#await] holds a platform thread. **Lifetime:** closed by whoever opened
/// it. **Failure:** as [Broker] says. The lock of a process that dies is free at once; that of a process that is
/// stopped keeps the others waiting until it is killed.
final class SqliteBroker implements Broker {
    private final Database database;
    private final Durability durability;
    private final long maxSize;
    private final Enqueueing enqueueing;
    private final Claiming claiming;
    private final Settling settling;
    private final Reclaiming reclaiming;
    private final Viewing viewing;
    private final Mending mending;

    private SqliteBroker(Database database, Durability durability, long maxSize) {
        this.database = database;
        this.durability = durability;
        this.maxSize = maxSize;
        this.enqueueing = new Enqueueing(database);
        this.claiming = new Claiming(database, maxSize);
        this.settling = new Settling(database);
        this.reclaiming = new Reclaiming(database, maxSize);
        this.viewing = new Viewing(database);
        this.mending = new Mending(database);
    }

    /// Opens the queue, making it if it is missing.
    ///
    /// @param libraries directory for the driver's native library
    /// @param maxSize bytes; of larger messages only the beginning is handed to workers
    static SqliteBroker open(Path file, Path libraries, Durability durability, long maxSize) {
        return new SqliteBroker(Database.open(file, libraries, durability), durability, maxSize);
    }

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        return enqueueing.enqueue(tasks);
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        return claiming.claim(queue, owner, max);
    }

    @Override
    public List<Outcome> settle(List<Outcome> outcomes) {
        return settling.settle(outcomes);
    }

    @Override
    public void giveBack(List<Claim> claims) {
        claiming.giveBack(claims);
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        return reclaiming.reclaim(dead, policy);
    }

    @Override
    public Set<String> owners() {
        return viewing.owners();
    }

    @Override
    public void await(String queue, Duration wait) throws InterruptedException {
        claiming.await(queue, TimeUnit.NANOSECONDS.convert(wait));
    }

    @Override
    public void wake() {
        database.turn().changed();
    }

    @Override
    public Map<String, QueueCounts> counts() {
        return viewing.counts();
    }

    @Override
    public List<TaskView> dead(int limit) {
        return viewing.dead(limit);
    }

    @Override
    public Optional<TaskView> find(String id) {
        return viewing.find(id);
    }

    @Override
    public boolean retry(String id) {
        return mending.retry(id);
    }

    @Override
    public int retryAll() {
        return mending.retryAll();
    }

    @Override
    public boolean delete(String id) {
        return mending.delete(id);
    }

    @Override
    public String durability() {
        return durability.word();
    }

    @Override
    public Broker rehearsal() {
        return new SqliteBroker(Database.inMemory(), durability, maxSize);
    }

    @Override
    public void close() {
        database.close();
    }
}
