package dev.muster.task;

import dev.muster.InstanceFactory;
import dev.muster.config.Durations;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Calls the method of one claimed task and says how it ended. Knows no store and no board.
///
/// An exception spends an attempt, [RetryException] or any other that [Retry] does not say something else about; a
/// [SnoozeException] spends nothing. Running out of memory is not an exception of the task: it passes through, so that
/// the process dies of it.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the worker.
public final class TaskRunner {
    private static final System.Logger LOG = System.getLogger("dev.muster.task");

    /// The longest result that is kept, in characters of JSON.
    private static final int MAX_RESULT = 64 << 10;

    private final TaskCatalog catalog;
    private final InstanceFactory instances;
    private final long defaultTimeoutMillis;
    private final Interrupts interrupts;
    private final SoftLimits softLimits;
    private final Results results;

    /// What tasks leave behind for those who ask about them.
    public interface Results {
        /// How long the result of a task is kept; zero for not at all.
        Duration keep();

        /// Remembers how far a task has come.
        void progress(Claim claim, String json);

        /// Nothing is kept.
        Results NONE = new Results() {
            @Override
            public Duration keep() {
                return Duration.ZERO;
            }

            @Override
            public void progress(Claim claim, String json) {}
        };
    }

    /// Who hears of tasks that are interrupted at their soft limits. An interrupt has effects on what the whole
    /// process uses (it closes channels and breaks pooled connections): none should be given a new task afterwards.
    public interface Interrupts {
        /// One is interrupted next. Must not block.
        ///
        /// @param what a sentence about it, without its end
        void interrupting(String what);

        /// It was. Called on a thread that may block.
        void interrupted();

        /// Nobody.
        Interrupts IGNORED = new Interrupts() {
            @Override
            public void interrupting(String what) {}

            @Override
            public void interrupted() {}
        };
    }

    /// @param defaultTimeoutMillis limit of an attempt where neither message nor declaration says one
    public TaskRunner(TaskCatalog catalog, InstanceFactory instances, long defaultTimeoutMillis) {
        this(catalog, instances, defaultTimeoutMillis, Interrupts.IGNORED, Results.NONE);
    }

    /// @param interrupts is told of tasks that reach their soft limits or are cancelled
    /// @param results takes what they leave behind
    public TaskRunner(
            TaskCatalog catalog,
            InstanceFactory instances,
            long defaultTimeoutMillis,
            Interrupts interrupts,
            Results results) {
        this.catalog = catalog;
        this.instances = instances;
        this.defaultTimeoutMillis = defaultTimeoutMillis;
        this.interrupts = interrupts;
        this.softLimits = new SoftLimits(interrupts);
        this.results = results;
    }

    /// Who hears of tasks that are interrupted.
    Interrupts interrupts() {
        return interrupts;
    }

    /// What a message calls, or that it calls nothing. No code of the application has run for it.
    sealed interface Planned permits Plan, Hopeless {}

    /// A task that is ready to be called, or that can never be.
    sealed interface Prepared permits Work, Hopeless {}

    /// A task that is known, and whose parameters are not bound.
    ///
    /// @param found the tasks that the message may call
    /// @param task the one that it most likely means, where a name stands for several
    /// @param limitMillis that of this one
    /// @param atMostOnce whether it must not be started a second time if this process dies
    record Plan(
            Claim claim,
            TaskMessage message,
            Found found,
            TaskDeclaration task,
            String label,
            long limitMillis,
            boolean atMostOnce)
            implements Planned {}

    /// A task that is ready to be called.
    ///
    /// @param softMillis after which it is interrupted, 0 for never
    record Work(Claim claim, TaskMessage message, Call call, String label, long limitMillis, long softMillis)
            implements Prepared {}

    /// A task that can never be called.
    record Hopeless(Outcome.Dead outcome) implements Planned, Prepared {}

    /// Whether the task must not be started a second time if this process dies, also one that no method is found
    /// for.
    boolean atMostOnce(TaskMessage message) {
        return catalog.onCrash(catalog.declaration(message)) == OnCrash.DEAD;
    }

    /// Finds out what the claimed message calls.
    Planned plan(Claim claim) {
        return switch (catalog.parse(claim.payload())) {
            case Refused refused -> hopeless(claim, refused);
            case TaskMessage message when message.expired() -> hopeless(claim, message.tooLate());
            case TaskMessage message ->
                switch (catalog.find(message)) {
                    case Refused refused -> hopeless(claim, refused);
                    case Found found -> plan(claim, message, found);
                    case Call _ -> throw new IllegalStateException("bound before its time: " + message.label());
                };
        };
    }

    private Planned plan(Claim claim, TaskMessage message, Found found) {
        TaskDeclaration task = found.best(message);
        RetryPolicy policy = catalog.policy(task);
        // What was planned in time may have waited in the queue since.
        if (claim.firstAttemptAt() > 0 && policy.tooLate(claim.firstAttemptAt(), System.currentTimeMillis())) {
            return new Hopeless(new Outcome.Dead(
                    claim,
                    DeadReason.EXPIRED,
                    "its next attempt would have begun later than "
                            + Durations.text(policy.rule().within()) + " after the first"));
        }
        return new Plan(
                claim,
                message,
                found,
                task,
                message.label(),
                limit(message, task),
                catalog.onCrash(task) == OnCrash.DEAD);
    }

    /// Binds the parameters. That runs code of the application, which may hang or end the process: the task must
    /// count as started by then.
    Prepared prepare(Plan plan) {
        TaskMessage message = plan.message();
        return switch (catalog.bind(message, plan.found())) {
            case Refused refused -> hopeless(plan.claim(), refused);
            case Found _ -> throw new IllegalStateException("bound without a call: " + message.label());
            case Call call -> {
                TaskDeclaration task = call.task();
                long limit = limit(message, task);
                long soft = message.softTimeoutMillis() > 0 ? message.softTimeoutMillis() : task.softTimeoutMillis();
                yield new Work(plan.claim(), message, call, plan.label(), limit, soft < limit ? soft : 0);
            }
        };
    }

    private long limit(TaskMessage message, TaskDeclaration task) {
        return message.timeoutMillis() > 0
                ? message.timeoutMillis()
                : task.timeoutMillis() > 0 ? task.timeoutMillis() : defaultTimeoutMillis;
    }

    /// The task begins on this thread.
    RunningTask begin(Work work) {
        return new RunningTask(work.claim(), work.limitMillis(), results);
    }

    /// Calls the method.
    ///
    /// @throws OutOfMemoryError if the task ran out of memory
    Outcome run(Work work) {
        return run(work, begin(work));
    }

    /// Calls the method.
    ///
    /// @param running what [#begin] has returned on this thread
    /// @throws OutOfMemoryError if the task ran out of memory
    Outcome run(Work work, RunningTask running) {
        long began = System.currentTimeMillis();
        @Nullable
        Future<?> soft = work.softMillis() > 0 ? softLimits.watch(running, work.label(), work.softMillis()) : null;
        Ended ended = ScopedValue.where(RunningTask.CURRENT, running).call(() -> call(work, running));
        Throwable thrown = ended.thrown;
        running.end();
        if (soft != null) {
            boolean _ = soft.cancel(false);
        }
        // An interrupt that the task left behind, or that came at its end, is not meant for the next one.
        boolean _ = Thread.interrupted();
        if (thrown == null) {
            return done(work, ended.result);
        }
        rethrowOutOfMemory(thrown);
        if (running.cancelled()) {
            return new Outcome.Dead(work.claim(), DeadReason.CANCELLED, "it ended with " + StackText.line(thrown));
        }
        return new FailedAttempt(work, began, thrown, running.softLimitReached()).outcome(catalog);
    }

    /// A task taken by a hand-written hook: its message must be one, what it names is the hook's affair.
    Parsed parse(Claim claim) {
        return catalog.parse(claim.payload());
    }

    /// The outcome of a task whose hook says that it failed.
    ///
    /// @param delay before it comes again, null for the usual one
    /// @param began when the attempt began, in milliseconds since 1970
    Outcome retry(Claim claim, TaskMessage message, @Nullable Duration delay, long began) {
        NextAttempt next = catalog.next(claim, message, catalog.declaration(message), began, delay);
        return next.message() != null
                ? new Outcome.Retry(claim, next.message(), next.delay(), "retried by its hook")
                : new Outcome.Dead(
                        claim, DeadReason.RETRIES_SPENT, "its hook gave it up for a retry, but " + next.end());
    }

    /// How a call ended.
    private record Ended(@Nullable Object result, @Nullable Throwable thrown) {}

    private Outcome done(Work work, @Nullable Object result) {
        Claim claim = work.claim();
        if (results.keep().isZero() || work.call().method().getReturnType() == void.class) {
            return new Outcome.Done(claim);
        }
        String what = "the result of the task " + claim.id() + " (" + StackText.shorten(work.label(), 200)
                + ") is not kept: ";
        try {
            String json = ParameterBinder.JSON.writeValueAsString(result);
            if (json.length() <= MAX_RESULT) {
                return new Outcome.Done(claim, json, results.keep());
            }
            LOG.log(
                    Level.WARNING,
                    what + "it has " + json.length() + " characters of JSON; at most " + MAX_RESULT
                            + " are kept: return where it lies instead");
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable thrown) {
            // Its getters are user code. The task is done all the same, and its worker takes the next one.
            LOG.log(Level.WARNING, what + "it cannot be written as JSON; return void, or what can be", thrown);
        }
        return new Outcome.Done(claim);
    }

    private Ended call(Work work, RunningTask running) {
        Method method = work.call().method();
        try {
            Object target =
                    Modifier.isStatic(method.getModifiers()) ? null : instances.create(method.getDeclaringClass());
            return new Ended(method.invoke(target, work.call().arguments(running)), null);
        } catch (InvocationTargetException e) {
            return new Ended(null, e.getCause() == null ? e : e.getCause());
        } catch (Throwable t) {
            return new Ended(null, t);
        }
    }

    private static void rethrowOutOfMemory(Throwable thrown) {
        Throwable part = thrown;
        while (part instanceof ExceptionInInitializerError || part instanceof InvocationTargetException) {
            part = part.getCause();
        }
        if (part instanceof OutOfMemoryError outOfMemory) {
            throw outOfMemory;
        }
    }

    private static Hopeless hopeless(Claim claim, Refused refused) {
        return new Hopeless(new Outcome.Dead(claim, refused.reason(), refused.detail()));
    }
}
