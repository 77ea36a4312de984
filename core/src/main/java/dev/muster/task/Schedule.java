package dev.muster.task;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Has a task enqueued again and again: at the times of a cron expression, or at an interval. Each instant is served
/// once, by whichever node is first.
///
/// ```java
/// @Task @Schedule(cron = "0 3 * * *", zone = "Europe/Berlin")
/// public void report() { … }
/// ```
///
/// Stands beside `@Task`, on a method without parameters but a [TaskContext], whose id says which instant it is; one
/// with other parameters is scheduled in the configuration, which can also change every value here
/// (`schedules.NAME.cron` and so on).
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Schedule.Several.class)
public @interface Schedule {
    /// Who it is, on all nodes and from version to version: what was served is remembered under this name. At most
    /// 40 letters (a-z, A-Z), digits, `.`, `_` and `-`. Default: the name that `@Task` gives, else `Class.method`
    /// with the simple name of the class.
    String name() default "";

    /// Minute, hour, day of the month, month and day of the week, as in crontab(5); with six fields, seconds stand
    /// before them. Or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. Either this or [#every()].
    String cron() default "";

    /// An interval such as `30s`, `5m` or `1h`: whole seconds, up to 365 days. Its instants are the multiples of it
    /// since 1970-01-01T00:00:00Z, so that all nodes agree on them.
    String every() default "";

    /// The time zone in which the cron expression is meant, such as `Europe/Berlin`. Default: UTC, whatever the
    /// zone of the machine.
    String zone() default "";

    /// What becomes of instants at which nobody could serve it.
    Missed missed() default Missed.ONCE;

    /// Several on one method; each needs a name of its own.
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Several {
        /// The schedules.
        Schedule[] value();
    }
}
