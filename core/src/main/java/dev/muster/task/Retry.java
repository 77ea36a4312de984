package dev.muster.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says beside [Task] what follows a failed attempt. Without it, and where it says nothing, the task comes again after
/// a random part of a wait that doubles each time, from `tasks.retry.base` up to `tasks.retry.cap`.
///
/// How often is the affair of `attempts` in [Task], or of `retry` in the message. Where neither says it, [#within()]
/// means as often as the time allows, and [#delays()] one attempt more than there are delays.
///
/// Times are written `200ms`, `5s`, `1m`, `2h`, or as plain milliseconds, up to 365 days. What is wrong here stops the
/// start.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Retry {
    /// Longest wait before the second attempt; each time a random part of it is waited, so that tasks that failed
    /// together do not come back together. `0s` is no wait. Default: `tasks.retry.base`, or [#cap()] if that is
    /// shorter.
    String base() default "";

    /// By which the longest wait grows with each attempt, 1 to 100.
    double factor() default 2;

    /// Above which the longest wait does not grow. Default: `tasks.retry.cap`, or [#base()] if that is longer.
    String cap() default "";

    /// The waits one after the other instead of those that grow, exactly as they stand here; the last one repeats.
    /// `{"0s"}` is no wait. At most 100.
    String[] delays() default {};

    /// For how long the task is tried: an attempt that would begin later than this after the beginning of the first
    /// one does not take place, and the task ends as a dead letter instead: `FAILED`, or `EXPIRED` if it was
    /// planned within the time and its turn came too late. Default: for ever.
    String within() default "";

    /// Exceptions after which the task comes again, as after all that are named nowhere: for those that
    /// [#discard()] or [#dead()] would catch by a superclass.
    Class<? extends Throwable>[] retry() default {};

    /// Exceptions after which the task is done with: it leaves the queue as if it had succeeded, with a line in the
    /// log. Subclasses count, too; of several named classes the nearest one decides.
    Class<? extends Throwable>[] discard() default {};

    /// Exceptions after which the task ends as a dead letter at once, whatever attempts it has left. Subclasses
    /// count, too; of several named classes the nearest one decides.
    Class<? extends Throwable>[] dead() default {};
}
