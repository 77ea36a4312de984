package dev.muster;

import org.jspecify.annotations.Nullable;

/// The code of a [Pool]'s workers. One instance lives in each worker process.
///
/// Without an own [#hook], the built-in loop runs `@Task` methods named by the messages of the queue. A worker whose
/// `hook` returns is replaced.
///
/// **Threads:** `start` and `hook` on the main thread of the worker, one after the other; `exiting` on a thread of its
/// own, for another worker beside `hook`.
public abstract class WorkerPool {
    private @Nullable Loop builtIn;

    /// For subclasses.
    protected WorkerPool() {}

    /// Runs in the worker before [#hook]. An exception is a failed boot.
    ///
    /// @param worker this worker
    protected void start(WorkerContext worker) throws Exception {}

    /// The loop of the worker. It should call [WorkerContext#heartbeat()] at least as often as the heartbeat of the
    /// pool says, and return when [WorkerContext#stopping()] is true.
    ///
    /// @param worker this worker
    protected void hook(WorkerContext worker) throws Exception {
        if (builtIn == null) {
            throw new IllegalStateException("the built-in loop exists only in a worker process of the pool");
        }
        builtIn.run(worker);
    }

    /// Runs at least once for each ended worker: in the worker itself where it still could, else in the next ready
    /// worker of the pool, on a new instance. It has 5 s.
    ///
    /// @param reason why the worker ended
    /// @param task what it was working on, as far as it said so; of several tasks at once the one that had run for
    ///     longest; null if nothing
    protected void exiting(ExitReason reason, @Nullable String task) throws Exception {}

    /// The ready-made loop that the runtime gives to a worker. Applications do not use it.
    @FunctionalInterface
    public interface Loop {
        /// Runs until a stop is asked for.
        void run(WorkerContext worker) throws Exception;

        /// Gives the pool its loop, and the runtime the way to the protected methods.
        static Access attach(WorkerPool pool, Loop loop) {
            pool.builtIn = loop;
            return new Access(pool);
        }
    }

    /// The runtime's way to the protected methods of a pool. Applications do not use it.
    public static final class Access {
        private final WorkerPool pool;

        private Access(WorkerPool pool) {
            this.pool = pool;
        }

        /// Calls `start`.
        public void start(WorkerContext worker) throws Exception {
            pool.start(worker);
        }

        /// Calls `hook`.
        public void hook(WorkerContext worker) throws Exception {
            pool.hook(worker);
        }

        /// Calls `exiting`.
        public void exiting(ExitReason reason, @Nullable String task) throws Exception {
            pool.exiting(reason, task);
        }
    }
}
