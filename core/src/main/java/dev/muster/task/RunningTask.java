package dev.muster.task;

import dev.muster.task.Broker.Claim;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One attempt while it runs on a thread of this process.
///
/// **Threads:** safe for use by many threads; made by the thread that runs the task. **Lifetime:** from right before
/// the call until [#end()], after which its thread is not interrupted any more.
final class RunningTask implements TaskContext, Cancellable {
    static final ScopedValue<TaskContext> CURRENT = ScopedValue.newInstance();

    private static final System.Logger LOG = System.getLogger("dev.muster.task");

    private final Claim claim;
    private final TaskRunner.Results results;
    private final Thread thread = Thread.currentThread();
    private final long start = System.nanoTime();
    private final long limitNanos;
    private final Instant deadline;
    // Guarded by `this`.
    private final List<Runnable> hooks = new ArrayList<>();
    private final List<Runnable> cancelHooks = new ArrayList<>();
    private boolean reached;
    private boolean cancelled;
    private boolean ended;

    /// @param limitMillis after which its process is killed
    /// @param results remembers its progress
    RunningTask(Claim claim, long limitMillis, TaskRunner.Results results) {
        this.claim = claim;
        this.results = results;
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        this.deadline = Instant.now().plusMillis(limitMillis);
    }

    static TaskContext current() {
        if (!CURRENT.isBound()) {
            throw new IllegalStateException("no task runs on the thread '"
                    + Thread.currentThread().getName()
                    + "'; a thread that a task starts must be given its TaskContext");
        }
        return CURRENT.get();
    }

    @Override
    public String id() {
        return claim.id();
    }

    @Override
    public String queue() {
        return claim.queue();
    }

    @Override
    public int attempt() {
        return claim.attempts() + 1;
    }

    @Override
    public long token() {
        return claim.token();
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public Duration timeLeft() {
        return Duration.ofNanos(Math.max(0, limitNanos - (System.nanoTime() - start)));
    }

    @Override
    public synchronized boolean softLimitReached() {
        return reached;
    }

    @Override
    public void onSoftLimit(Runnable hook) {
        synchronized (this) {
            if (!reached) {
                hooks.add(hook);
                return;
            }
        }
        run(hook);
    }

    @Override
    public synchronized boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable hook) {
        synchronized (this) {
            if (!cancelled) {
                cancelHooks.add(hook);
                return;
            }
        }
        run(hook);
    }

    @Override
    public void progress(Object value) {
        String json = ParameterBinder.JSON.writeValueAsString(value);
        if (json.length() > 4096) {
            throw new IllegalArgumentException("the progress of a task is told in at most 4096 characters of JSON, not "
                    + json.length() + "; keep what is longer elsewhere and tell its place");
        }
        results.progress(claim, json);
    }

    @Override
    public boolean runsFor(long nanos) {
        return System.nanoTime() - start >= nanos;
    }

    @Override
    public boolean interrupts() {
        return true;
    }

    @Override
    public synchronized @Nullable List<Runnable> cancel(Runnable first) {
        if (ended || cancelled) {
            return null;
        }
        first.run();
        cancelled = true;
        thread.interrupt();
        return List.copyOf(cancelHooks);
    }

    /// What its thread is doing.
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    /// Its soft limit is over: interrupts it. To be called once.
    ///
    /// @param first runs before, unless the task has ended; must not block
    /// @return the hooks that are to be run now, null if it has ended
    synchronized @Nullable List<Runnable> interrupt(Runnable first) {
        if (ended) {
            return null;
        }
        first.run();
        reached = true;
        // Under the lock: an interrupt that comes later would hit the next task of this thread.
        thread.interrupt();
        return List.copyOf(hooks);
    }

    /// Runs a hook and lets nothing out.
    void run(Runnable hook) {
        run(hook, claim.id());
    }

    /// Runs a hook of a task and lets nothing out.
    static void run(Runnable hook, String id) {
        try {
            hook.run();
        } catch (Throwable thrown) {
            LOG.log(Level.WARNING, "a hook for the soft limit or the end of the task " + id + " failed", thrown);
        }
    }

    /// Its method has returned. No interrupt of ours comes from now on.
    synchronized void end() {
        ended = true;
    }
}
