package dev.muster.broker.postgres;

import dev.muster.broker.sql.SqlBroker;
import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// The queue in a PostgreSQL database, shared by the processes of any number of machines.
///
/// **Failure:** as [Broker] says. A server that is restarted is waited for, some seconds.
final class PostgresBroker extends SqlBroker {
    private static final int TIDY_EVERY = 500;

    private final Address address;
    private final long maxSize;
    private final PostgresStore store;
    private final Housekeeping housekeeping;
    private final WorkerLeases leases;
    private final DoubtfulClaims doubtful;
    private final AtomicInteger enqueued = new AtomicInteger();

    private PostgresBroker(PostgresStore store, Address address, long maxSize) {
        super(store, maxSize);
        this.address = address;
        this.maxSize = maxSize;
        this.store = store;
        this.housekeeping = new Housekeeping(address.schema(), store.dialect());
        this.leases = new WorkerLeases(store.ledger(), store.dialect(), housekeeping);
        this.doubtful = new DoubtfulClaims(store);
    }

    /// Opens the queue, making the tables if they are missing.
    ///
    /// @param url see [Address]
    /// @param application what a database administrator sees in `pg_stat_activity`
    /// @param maxSize bytes; of larger messages only the beginning is handed to workers
    static PostgresBroker open(String url, String application, long maxSize) {
        Address address = Address.of(url, application);
        return new PostgresBroker(PostgresStore.open(address), address, maxSize);
    }

    @Override
    public List<String> enqueue(List<NewTask> tasks) {
        List<String> ids = super.enqueue(tasks);
        // Workers tidy up by themselves; where none runs, nobody else would.
        if (enqueued.incrementAndGet() % TIDY_EVERY == 0) {
            tidy();
        }
        return ids;
    }

    private void tidy() {
        try {
            boolean _ = store.ledger().write("tidy up", session -> {
                housekeeping.tidy(session);
                return true;
            });
        } catch (BrokerException e) {
            // The tasks are kept; another one will do it.
        }
    }

    @Override
    public List<Claim> claim(String queue, String owner, int max) {
        doubtful.giveBack();
        try {
            return super.claim(queue, owner, max);
        } catch (BrokerException e) {
            doubtful.note(e, owner);
            throw e;
        }
    }

    @Override
    public ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy) {
        awaitLastWords(dead);
        return super.reclaim(dead, policy);
    }

    @Override
    public ReclaimReport reclaimLapsed(DeadWorker dead, CrashPolicy policy) {
        awaitLastWords(dead);
        return reclaim(dead, policy, leases::stands);
    }

    private void awaitLastWords(DeadWorker dead) {
        String what = "give back the work of " + dead.incarnation();
        boolean _ = store.ledger().read(what, session -> {
            PostgresDialect.ended(session, dead.incarnation());
            return true;
        });
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void renew(String owner, Duration lease) {
        leases.renew(owner, lease);
    }

    @Override
    public Set<String> owners() {
        return leases.lapsed();
    }

    @Override
    public String durability() {
        return store.durability();
    }

    @Override
    public Broker rehearsal() {
        return new SqlBroker(RehearsedStore.open(address), maxSize) {
            @Override
            public String durability() {
                return "none";
            }
        };
    }
}
