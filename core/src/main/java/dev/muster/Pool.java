package dev.muster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares a pool: a number of equal worker processes that take tasks from a queue. The class extends [WorkerPool].
///
/// Every value can be overridden in the configuration, as `pools.NAME.instances` and so on.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Pool {
    /// The name in titles, commands and configuration. Default: the simple class name.
    String name() default "";

    /// What stands before the name in the process titles: `PREFIXNAME:work_PREFIXPID`.
    String prefix() default "";

    /// How many worker processes are kept, 1 to 1,000.
    int instances() default 1;

    /// Tasks that the built-in loop of one worker runs at once, 1 to 15, each on a virtual thread of its own. A
    /// hand-written `hook` decides for itself what it does at once.
    int concurrency() default 1;

    /// Milliseconds of silence after which a worker is killed: time since its last [WorkerContext#heartbeat()]. In
    /// the built-in loop it is also the limit of a task that names no timeout of its own.
    long heartbeat() default 10_000;

    /// The queue that [WorkerContext#take] and the built-in loop take from. Default: the value of `tasks.queue`.
    String queue() default "";

    /// The file under the log directory that receives this pool's lines. Default: the log of the application.
    String log() default "";
}
