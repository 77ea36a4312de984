package dev.muster.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Makes a method reachable by task messages. Only such methods are; a message that names anything else ends as a dead
/// letter.
///
/// On a static method, or on an instance method of a class that the `InstanceFactory` can make: a new object for each
/// task. Parameters are bound from JSON; one of the type [TaskContext] is given by the worker.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Task {
    /// A name for messages of the form `"task":"report.daily"`. Default: `fully.qualified.Class.method`.
    String name() default "";

    /// The queue that `Tasks.enqueue` puts it on. Default: the value of `tasks.queue`.
    String queue() default "";

    /// Milliseconds that one attempt may take; a longer one is killed with its process. 0: 300,000, or in a pool
    /// the heartbeat of the pool.
    long timeout() default 0;

    /// Milliseconds after which an attempt that still runs is interrupted, and the hooks of its [TaskContext] run,
    /// once; below [#timeout()]. It should end then; if it does not, it is killed at its limit. Its worker takes no
    /// new task afterwards, and is replaced when it is idle: an interrupt closes channels and breaks pooled
    /// connections. 0 for never. Only the built-in loop interrupts.
    long softTimeout() default 0;

    /// Executions in total, 1 to 1,000. The `retry` of a message beats it. [Retry] says what lies between them, and
    /// how many there are where neither of the two is written.
    int attempts() default 1;

    /// What becomes of it when its worker dies.
    OnCrash onCrash() default OnCrash.RETRY;
}
