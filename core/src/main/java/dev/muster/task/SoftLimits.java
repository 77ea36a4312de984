package dev.muster.task;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Interrupts the tasks of a worker that reach their soft limits, and runs their hooks.
///
/// **Threads:** safe for use by many threads. Its own are platform threads: a virtual one would wait for the carrier
/// that a busy task holds. **Lifetime:** needs no end; its threads end when there is nothing to watch. **Failure:** a
/// hook that hangs keeps its thread, and nobody else waits for it.
final class SoftLimits {
    private static final System.Logger LOG = System.getLogger("dev.muster.task");

    private final TaskRunner.Interrupts listener;
    // Guarded by `this`.
    private @Nullable ScheduledThreadPoolExecutor timer;

    SoftLimits(TaskRunner.Interrupts listener) {
        this.listener = listener;
    }

    /// Watches a task.
    ///
    /// @param label what runs, for people
    /// @return to be cancelled when the task has ended
    Future<?> watch(RunningTask task, String label, long softMillis) {
        return timer().schedule(() -> reached(task, label, softMillis), softMillis, TimeUnit.MILLISECONDS);
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("muster-soft-limits").daemon().factory());
            timer.setRemoveOnCancelPolicy(true);
            timer.setKeepAliveTime(5, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
        }
        return timer;
    }

    private void reached(RunningTask task, String label, long softMillis) {
        String what = "task " + task.id() + " (" + StackText.shorten(label, 200) + ") reached its soft limit of "
                + softMillis + " ms in attempt " + task.attempt();
        StackTraceElement[] stack = task.stack();
        List<Runnable> hooks = task.interrupt(() -> listener.interrupting(what));
        if (hooks == null) {
            return;
        }
        if (!hooks.isEmpty()) {
            start("muster-soft-limit-hooks", () -> hooks.forEach(task::run));
        }
        start("muster-soft-limit", () -> {
            log(task, what, stack);
            listener.interrupted();
        });
    }

    private static void log(RunningTask task, String what, StackTraceElement[] stack) {
        Throwable doing = new Throwable("what it was doing");
        doing.setStackTrace(stack);
        LOG.log(
                Level.WARNING,
                what + " and was interrupted; it is killed in "
                        + task.timeLeft().toMillis() + " ms if it does not end",
                doing);
    }

    private static void start(String name, Runnable action) {
        Thread _ = Thread.ofPlatform().name(name).daemon().start(action);
    }
}
