package dev.muster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares a user process: an operating-system process of its own that runs one method again and again.
///
/// On a class: the class implements [ProcessHandler], or has exactly one public method named `run` or `handle`. On a
/// public method: any name, several per class; each is a process of its own with an instance of its own. The method
/// takes zero to two parameters of the types [Server] and [ProcessContext], in any order. Anything else stops the start
/// of the application with an error that names the class, the method and the fix.
///
/// The first run begins at once. One instance lives as long as its process: fields keep their values between runs.
/// Every value here can be overridden in the configuration, as `processes.NAME.interval` and so on.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface UserProcess {
    /// The name in titles, commands and configuration. Default: the simple class name; for a method `Class.method`.
    String name() default "";

    /// Milliseconds to wait after a run has completed; a run of 10 s with an interval of 60,000 starts every 70 s.
    /// 0 and below: no pause, though a stop is still seen between runs.
    long interval() default 200;

    /// The interval as a duration such as `200ms`, `60s` or `5m`. Setting both this and [#interval()] is an error.
    String every() default "";

    /// Whether `System.out` and `System.err` go to the pipe of the process, and `System.in` comes from it. Makes
    /// the pipe a STREAM, whatever [#pipe()] says. While nobody holds the pipe, output goes to the log; a holder
    /// that does not read loses what does not fit into a buffer of 1 MiB, which is counted in the log. Output never
    /// waits for it. What the virtual machine, native code or another program prints goes to the log in any case.
    boolean redirectStdio() default false;

    /// Whether others can talk with the process, and how: [ProcessContext#read()], [ProcessContext#write(byte[])].
    PipeType pipe() default PipeType.NONE;

    /// Whether runs happen on a virtual thread (true) or on a platform thread.
    boolean virtualThreads() default true;

    /// How many processes of this kind are kept, 1 to 1,000.
    int instances() default 1;

    /// What an exception in a run leads to.
    OnError onError() default OnError.CONTINUE;

    /// When the slot is filled again after the process has ended.
    RestartPolicy restart() default RestartPolicy.ALWAYS;

    /// Milliseconds that one run may take; a longer one is killed with its process. 0: no limit.
    long runTimeout() default 0;

    /// Where it works when several nodes share a broker: on each of them, or on one at a time.
    Scope scope() default Scope.NODE;

    /// Whether a reload of the code replaces the processes. One that is spared runs on with the code that it has,
    /// also when it is started again after a crash; `muster restart` gives it the newest.
    boolean reloadable() default true;
}
