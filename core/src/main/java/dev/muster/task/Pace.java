package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How long tasks take in this worker: decides how many to claim at once, and which may start while the outcomes of
/// others are not stored yet. Moving averages, each new task weighs an eighth.
///
/// **Threads:** safe for use by many threads; a lost update costs nothing.
final class Pace {
    /// The most that is claimed at once, and that is stored at once: each batch costs a commit or a round trip, and
    /// the times that both may take are bounded in any case.
    static final int MAX_BATCH = 256;

    /// No more is claimed than what takes this long: a neighbour may be idle.
    private static final double BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final double SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double WEIGHT = 1.0 / 8;

    /// By identity: a declaration is large, and its hash is that of all it holds.
    private final Map<TaskDeclaration, Average> byTask = Collections.synchronizedMap(new IdentityHashMap<>());

    private volatile double average = -1;

    /// Notes that a task took so long.
    void took(TaskDeclaration task, long nanos) {
        average = average < 0 ? nanos : average + (nanos - average) * WEIGHT;
        byTask.merge(task, new Average(1, nanos), (old, _) -> old.with(nanos));
    }

    /// How many tasks to claim.
    int batch(int concurrency) {
        double now = average;
        return now < 0 ? 1 : (int) Math.clamp(BATCH_NANOS * concurrency / Math.max(1, now), 1.0, MAX_BATCH);
    }

    /// Whether the task has shown that it is short.
    boolean isShort(TaskDeclaration task) {
        Average known = byTask.get(task);
        return known != null && known.count >= 3 && known.nanos <= SHORT_NANOS;
    }

    private record Average(int count, double nanos) {
        Average with(long sample) {
            return new Average(Math.min(count + 1, 1000), nanos + (sample - nanos) * WEIGHT);
        }
    }
}
