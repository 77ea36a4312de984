package dev.muster.inline;

import dev.muster.ExitReason;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.RunExiting;
import dev.muster.control.Message.Verdict;
import dev.muster.scan.Declaration;
import dev.muster.worker.InlineLife;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What ended lives leave behind: tasks that a living worker must give back, and `exiting` calls that they could not
/// run themselves. Each entry stays until a worker has reported success.
///
/// **Threads:** guarded by the lock of [Supervision].
final class InlineEstate {
    private final Map<String, DeadWorker> tasks = new LinkedHashMap<>();
    private final Map<String, Exiting> exitings = new LinkedHashMap<>();

    private record Exiting(String pool, RunExiting order) {}

    /// Begins with what nobody knows about: those who held work when an earlier start, of whatever kind, ended.
    InlineEstate() {
        tasks.put(
                DeadWorker.EVERYBODY,
                new DeadWorker(
                        DeadWorker.EVERYBODY,
                        "",
                        Verdict.CRASH,
                        "",
                        List.of(),
                        false,
                        "its worker was gone at the start",
                        ""));
    }

    /// A life ended without having given back what it held: each task that it had started spends a crash.
    void announce(
            String incarnation,
            Declaration.Workers declared,
            List<String> started,
            String reason,
            Iterable<InlineLife> living) {
        DeadWorker dead = new DeadWorker(incarnation, declared.queue(), Verdict.CRASH, "", started, true, reason, "");
        tasks.put(incarnation, dead);
        for (InlineLife life : living) {
            life.reclaim(dead);
        }
    }

    /// A life of a pool ended without having run `exiting`; the next one that becomes ready runs it.
    void announceExiting(String incarnation, String pool, ExitReason reason, @Nullable String task) {
        exitings.put(
                incarnation,
                new Exiting(pool, new RunExiting(incarnation, reason, task == null ? "" : task, task != null)));
    }

    /// A life of a pool is ready: it runs what its pool still owes.
    void ready(String pool, InlineLife life) {
        for (Exiting exiting : exitings.values()) {
            if (exiting.pool().equals(pool)) {
                life.runExiting(exiting.order());
            }
        }
    }

    /// What a worker is to give back before it is ready.
    List<DeadWorker> unclaimed() {
        return List.copyOf(tasks.values());
    }

    void reclaimed(String incarnation) {
        tasks.remove(incarnation);
    }

    void exitingRan(String incarnation) {
        exitings.remove(incarnation);
    }
}
