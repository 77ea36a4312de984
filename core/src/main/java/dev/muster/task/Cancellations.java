package dev.muster.task;

import dev.muster.task.Broker.Outcome;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Looks once a second whether a task that this worker has been running for a second was cancelled, and asks it to end:
/// its thread is interrupted, once, or the hook that has taken it can see it. If it has not ended [#GRACE_MILLIS] later
/// its process is killed, as at a deadline.
///
/// **Threads:** safe for use by many threads; a platform thread of its own, which sleeps while no task runs.
/// **Lifetime:** until [#close()]. **Failure:** while the store is down nothing is cancelled.
final class Cancellations implements AutoCloseable {
    /// So long a cancelled task has to end.
    static final long GRACE_MILLIS = 5_000;

    private static final System.Logger LOG = System.getLogger("dev.muster.task");
    private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final Broker broker;
    private final String owner;
    private final StartMarks marks;
    private final TaskRunner.Interrupts listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition begun = lock.newCondition();
    private final Condition end = lock.newCondition();
    // Guarded by `lock`.
    private final Map<Cancellable, Integer> running = new HashMap<>();
    private boolean started;
    private boolean asleep;
    private boolean closed;

    Cancellations(Broker broker, String owner, StartMarks marks, TaskRunner.Interrupts listener) {
        this.broker = broker;
        this.owner = owner;
        this.marks = marks;
        this.listener = listener;
    }

    /// Binds the parameters of a task and runs it; it may be cancelled while it runs.
    ///
    /// @param mark that stands for it, also while its parameters are bound: if that ends the process, it is this
    ///     task that pays
    Outcome run(TaskRunner runner, TaskRunner.Plan plan, int mark) {
        return switch (runner.prepare(plan)) {
            case TaskRunner.Hopeless hopeless -> hopeless.outcome();
            case TaskRunner.Work work -> {
                if (work.limitMillis() != plan.limitMillis()) {
                    marks.limit(mark, work.limitMillis());
                }
                yield run(runner, work, mark);
            }
        };
    }

    private Outcome run(TaskRunner runner, TaskRunner.Work work, int mark) {
        RunningTask task = runner.begin(work);
        begin(task, mark);
        try {
            return runner.run(work, task);
        } finally {
            end(task);
        }
    }

    /// A task is at work from now on, until [#end].
    void begin(Cancellable task, int mark) {
        lock.lock();
        try {
            running.put(task, mark);
            if (!started) {
                started = true;
                Thread thread = new Thread(null, this::look, "muster-cancel", 256 * 1024, false);
                thread.setDaemon(true);
                thread.start();
            } else if (asleep) {
                begun.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// No task runs any more.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            begun.signalAll();
            end.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end(Cancellable task) {
        lock.lock();
        try {
            running.remove(task);
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        try {
            while (awaitTasks()) {
                if (anyOld()) {
                    ask();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until tasks run, and then for as long as there is between two looks.
    ///
    /// @return false if it is closed
    private boolean awaitTasks() throws InterruptedException {
        lock.lock();
        try {
            while (running.isEmpty() && !closed) {
                asleep = true;
                begun.await();
            }
            asleep = false;
            long left = LOOK_EVERY;
            while (left > 0 && !closed) {
                left = end.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean anyOld() {
        lock.lock();
        try {
            return running.keySet().stream().anyMatch(task -> task.runsFor(LOOK_EVERY));
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        Set<String> cancelled;
        try {
            cancelled = broker.cancelled(owner);
        } catch (BrokerException _) {
            // Whoever claims and stores says that the store is down.
            return;
        }
        if (cancelled.isEmpty()) {
            return;
        }
        Map<Cancellable, Integer> tasks;
        lock.lock();
        try {
            tasks = Map.copyOf(running);
        } finally {
            lock.unlock();
        }
        tasks.forEach((task, mark) -> {
            if (cancelled.contains(task.id())) {
                cancel(task, mark);
            }
        });
    }

    private void cancel(Cancellable task, int mark) {
        String what = "task " + task.id() + " was cancelled in attempt " + task.attempt();
        List<Runnable> hooks = task.cancel(() -> {
            if (task.interrupts()) {
                listener.interrupting(what);
            }
            marks.limit(mark, GRACE_MILLIS);
        });
        if (hooks == null) {
            return;
        }
        if (task.interrupts()) {
            // Before anything is said: the time to end runs, and the first line of a process takes long.
            Thread _ = Thread.ofPlatform().name("cancel-" + task.id()).daemon().start(() -> {
                hooks.forEach(hook -> RunningTask.run(hook, task.id()));
                listener.interrupted();
            });
        }
        LOG.log(
                Level.INFO,
                what + (task.interrupts() ? " and is interrupted" : ", which its hook can see") + "; it is killed in "
                        + GRACE_MILLIS + " ms if it does not end");
    }
}
