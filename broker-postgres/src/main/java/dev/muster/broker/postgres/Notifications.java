package dev.muster.broker.postgres;

import dev.muster.broker.sql.Changes;
import dev.muster.broker.sql.Lane;
import dev.muster.task.BrokerException;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Wakes those who wait for tasks: in this process at once, in all others by `NOTIFY` with the name of the queue, which
/// a [Listener] hears there. `NOTIFY` is said after the commit: inside a transaction it would make all of them commit
/// one after the other. Behind a task that comes alone it is said in the same round trip; when they come thick and
/// fast, by a thread of its own, for many at once.
///
/// **Threads:** safe for use by many threads. **Failure:** what is not said or not heard is seen by whoever waits when
/// he looks again by himself, within 5 s.
final class Notifications implements Changes, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.postgres");
    /// In nanoseconds. Whoever was told a shorter time ago probably still looks.
    private static final long LATELY = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long DEAF_LOOK = TimeUnit.SECONDS.toNanos(1);

    /// The message that means every queue.
    private static final String ALL = "";

    private final Address address;
    private final Lane lane;
    private final String channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Guarded by `lock`.
    private final Map<String, Integer> changes = new HashMap<>();
    private int changesOfAll;
    private @Nullable Listener listener;
    private boolean closed;
    private final Map<String, Long> said = new HashMap<>();

    private final Set<String> unsaid = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor speaker;

    Notifications(Address address, Lane lane) {
        this.address = address;
        this.lane = lane;
        this.channel = PostgresDialect.channel(address.schema());
        this.speaker = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> Thread.ofPlatform()
                        .name("muster-postgres-notify")
                        .daemon()
                        .unstarted(work));
        speaker.allowCoreThreadTimeOut(true);
    }

    /// Who asks is going to wait, so this process listens from now on.
    @Override
    public int changes(List<String> queues) {
        lock.lock();
        try {
            if (listener == null && !closed) {
                listener = Listener.start(address, this::heard);
            }
            return sum(queues);
        } finally {
            lock.unlock();
        }
    }

    private int sum(List<String> queues) {
        int sum = changesOfAll;
        for (String queue : queues) {
            sum += changes.getOrDefault(queue, 0);
        }
        return sum;
    }

    @Override
    public void changed(String queue) {
        heard(queue);
        say(queue);
    }

    @Override
    public void changed() {
        heard(ALL);
        say(ALL);
    }

    /// On which channel is told that a queue has changed: by its name.
    String channel() {
        return channel;
    }

    /// Whether the next task of the queue is announced by its own transaction, which calls [#heard] then.
    boolean worthAWord(String queue) {
        lock.lock();
        try {
            long now = System.nanoTime();
            Long before = said.put(queue, now);
            return before == null || now - before > LATELY;
        } finally {
            lock.unlock();
        }
    }

    /// Tells those who wait in this process.
    void heard(String queue) {
        lock.lock();
        try {
            if (queue.equals(ALL)) {
                changesOfAll++;
            } else {
                int _ = changes.merge(queue, 1, Integer::sum);
            }
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What is to be said while something is being said is said together.
    private void say(String queue) {
        if (unsaid.add(queue)) {
            lock.lock();
            try {
                if (!closed) {
                    speaker.execute(this::speak);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void speak() {
        List<String> queues = List.copyOf(unsaid);
        if (queues.isEmpty()) {
            return;
        }
        // Before it is said: what changes from here on is said once more.
        queues.forEach(unsaid::remove);
        try {
            boolean _ = lane.read("wake those who wait for tasks", session -> {
                for (String queue : queues) {
                    boolean _ = session.statement("SELECT pg_notify(?, ?)", channel, queue)
                            .execute();
                }
                return true;
            });
        } catch (BrokerException e) {
            LOG.log(Level.DEBUG, "those who wait for tasks see new ones within 5 seconds", e);
        }
    }

    @Override
    public void await(List<String> queues, int seen, long nanos) {
        lock.lock();
        try {
            boolean deaf = listener == null || !listener.listening();
            long left = deaf ? Math.min(nanos, DEAF_LOOK) : nanos;
            while (sum(queues) == seen && left > 0 && !closed) {
                left = change.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Says what is still to be said, for at most a second.
    @Override
    public void close() {
        @Nullable Listener open;
        lock.lock();
        try {
            closed = true;
            open = listener;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
        }
        speaker.shutdown();
        try {
            boolean _ = speaker.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
