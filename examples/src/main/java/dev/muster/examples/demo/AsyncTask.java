package dev.muster.examples.demo;

import dev.muster.ExitReason;
import dev.muster.Pool;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fend's AsyncTask: four processes that run the tasks of one queue. A task that takes longer than a second is killed
/// with its process, and another process takes its place.
@Pool(
        name = "asynctask",
        prefix = "xes_",
        instances = 4,
        heartbeat = 1_000,
        queue = "async_task_queue",
        log = "asynctask.log")
public class AsyncTask extends WorkerPool {
    private static final Logger log = LoggerFactory.getLogger(AsyncTask.class);

    @Override
    protected void start(WorkerContext worker) {
        log.atInfo().addKeyValue("pid", ProcessHandle.current().pid()).log("worker started");
    }

    @Override
    protected void exiting(ExitReason reason, @Nullable String task) {
        if (task != null) {
            log.atWarn().addKeyValue("reason", reason).log("killed timeout: {}", task);
        }
    }
}
