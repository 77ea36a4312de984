package dev.muster.task;

import dev.muster.task.Broker.Claim;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a worker has claimed and not started, and what it runs: so what may start next, and what waits in vain.
///
/// **Threads:** guarded by the lock of its [Consumer].
final class Stock {
    /// In nanoseconds. A task that takes longer holds up what is only claimed.
    private static final long SLOW_AFTER = TimeUnit.MILLISECONDS.toNanos(50);

    private final Deque<Claim> claims = new ArrayDeque<>();
    private final long[] startedAt;
    private int running;
    private int storing;
    private boolean runningAlone;

    /// @param concurrency tasks at once
    Stock(int concurrency) {
        this.startedAt = new long[concurrency];
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    int running() {
        return running;
    }

    /// So many more threads wait for the store, with a task that has ended or not begun.
    void stores(int more) {
        storing += more;
    }

    /// Whether no task is at work, although one could be or one waits for the store.
    boolean idle() {
        return running == storing && (storing > 0 || claims.isEmpty());
    }

    void add(List<Claim> more) {
        claims.addAll(more);
    }

    /// The next one if it may start now; it counts as running from here on.
    ///
    /// @param number of the thread that runs it
    @Nullable
    Claim start(int number) {
        Claim head = claims.peek();
        if (head == null || runningAlone || head.alone() && running > 0) {
            return null;
        }
        Claim claim = claims.remove();
        running++;
        runningAlone = claim.alone();
        startedAt[number] = System.nanoTime();
        return claim;
    }

    void ended(int number) {
        running--;
        runningAlone = false;
        startedAt[number] = 0;
    }

    /// What cannot start because all that run have been running for long; it is not here any more.
    List<Claim> stuck() {
        if (claims.isEmpty()
                || running < startedAt.length
                        && !runningAlone
                        && !claims.getFirst().alone()) {
            return List.of();
        }
        long now = System.nanoTime();
        for (long since : startedAt) {
            if (since != 0 && now - since < SLOW_AFTER) {
                return List.of();
            }
        }
        return removeAll();
    }

    List<Claim> removeAll() {
        List<Claim> all = List.copyOf(claims);
        claims.clear();
        return all;
    }
}
