package dev.muster.worker;

import dev.muster.PoolTask;
import dev.muster.Server;
import dev.muster.WorkerContext;
import dev.muster.task.Consumer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A pool worker as its own code sees it.
///
/// **Threads:** [#take] belongs to the thread of the hook, the rest may be called from any. **Lifetime:** that of the
/// process. **Failure:** a broker that is down lets [#take] wait and then return nothing.
final class PoolContext implements WorkerContext {
    /// A long wait is made of shorter ones, so that a worker that waits is known to be alive.
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Duty duty;
    private final Server server;
    private final StopRequest stop;
    private final Silence silence;
    private final CurrentTask current;
    private final Consumer consumer;

    PoolContext(Duty duty, Server server, StopRequest stop, Silence silence, CurrentTask current, Consumer consumer) {
        this.duty = duty;
        this.server = server;
        this.stop = stop;
        this.silence = silence;
        this.current = current;
        this.consumer = consumer;
    }

    @Override
    public int id() {
        return duty.slot();
    }

    @Override
    public String name() {
        return duty.name();
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public boolean stopping() {
        return stop.asked();
    }

    @Override
    public void heartbeat() {
        silence.beat();
    }

    @Override
    public Optional<PoolTask> take(Duration wait) throws InterruptedException {
        long start = System.nanoTime();
        long whole = Math.max(0, StopRequest.saturatedNanos(wait));
        long left = whole;
        try {
            while (true) {
                long slice = Math.min(left, SLICE_NANOS);
                if (duty.paused()) {
                    // Nobody asks the broker meanwhile, which otherwise shows that the worker waits.
                    silence.waiting(slice);
                }
                Optional<PoolTask> task = consumer.take(Duration.ofNanos(slice));
                left = whole - (System.nanoTime() - start);
                if (task.isPresent() || left <= 0 || stop.asked()) {
                    return task;
                }
            }
        } finally {
            silence.beat();
        }
    }

    @Override
    public void task(@Nullable String task) {
        current.say(task);
    }
}
