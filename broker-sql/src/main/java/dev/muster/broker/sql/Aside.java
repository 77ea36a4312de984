package dev.muster.broker.sql;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Where requests wait that another transaction keeps from being accepted, because it has the same id or unique key and
/// has not ended: out of the way of all others. So few of them wait in the database that they leave it connections for
/// everything else.
///
/// **Threads:** safe for use by many threads.
final class Aside {
    private static final int PLACES = 2;

    /// As long as the database lets one of them wait.
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Semaphore places = new Semaphore(PLACES, true);
    /// How many of them have each key.
    private final Map<List<String>, Integer> keys = new ConcurrentHashMap<>();

    /// Whether a request would wait for the same as one of those that are here.
    boolean meets(Turns.Request request) {
        return !keys.isEmpty() && request.keys().stream().anyMatch(keys::containsKey);
    }

    void enter(Turns.Request request) {
        request.keys().forEach(key -> keys.merge(key, 1, Integer::sum));
    }

    void leave(Turns.Request request) {
        request.keys().forEach(key -> keys.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1));
    }

    /// Does the work of a request when there is a place for it.
    ///
    /// @return false if there was none in time
    boolean run(Runnable work) {
        if (!havePlace()) {
            return false;
        }
        try {
            work.run();
            return true;
        } finally {
            places.release();
        }
    }

    /// An interrupt does not end the wait; its mark is there again at the end.
    private boolean havePlace() {
        long end = System.nanoTime() + PATIENCE;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
