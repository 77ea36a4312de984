package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// How a full queue was taken to its end.
///
/// @param tasks that were there
/// @param nanos from the start of the first task until the last was done
/// @param leastShare of the tasks that one worker had, in percent
/// @param workers processor time of the workers meanwhile, in milliseconds
/// @param store processor time of the store's own processes meanwhile, in milliseconds
record Drained(long tasks, long nanos, double leastShare, long workers, long store) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /// Tasks in a second.
    double rate() {
        return tasks * 1e9 / nanos;
    }

    /// Milliseconds of the workers for a task.
    double workersEach() {
        return (double) workers / tasks;
    }

    /// Milliseconds of the store for a task.
    double storeEach() {
        return (double) store / tasks;
    }

    /// Starts an application whose queue is full, and waits until it is empty. The store says when all is done.
    static Drained by(Application application, Boot boot, Store store, TaskQueue queue, long tasks, int workers) {
        application.start(boot, null);
        awaitStarts(application, 1);
        long storeBefore = store.cpuMillis();
        awaitStarts(application, tasks);
        queue.awaitDone(tasks);
        long end = System.nanoTime();
        long storeUsed = store.cpuMillis() - storeBefore;
        List<Tally> tallies = Tally.read(application.directory());
        long first = tallies.stream().mapToLong(Tally::first).min().orElse(end);
        long started = tallies.stream().mapToLong(Tally::count).sum();
        long used = 0;
        double leastShare = tallies.size() < workers ? 0 : 100;
        for (Tally tally : tallies) {
            used += ProcFs.stat(tally.pid()).map(ProcStat::cpuMillis).orElse(0L) - tally.cpuBefore();
            leastShare = Math.min(leastShare, 100.0 * tally.count() / started);
        }
        return new Drained(tasks, end - first, leastShare, used, storeUsed);
    }

    private static void awaitStarts(Application application, long tasks) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            List<Tally> tallies = Tally.read(application.directory());
            if (tallies.stream().mapToLong(Tally::count).sum() >= tasks) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(tasks + " tasks have not started within " + LIMIT + ": " + tallies);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
