package dev.muster.task;

import dev.muster.InstanceFactory;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Calls the method of one claimed task and says how it ended. Knows no store and no board.
///
/// An exception spends an attempt, [RetryException] or any other. Running out of memory is not an exception of the
/// task: it passes through, so that the process dies of it.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the worker.
public final class TaskRunner {
    /// Longest stack that is kept with a dead letter, in characters.
    private static final int STACK_LIMIT = 8192;

    private static final System.Logger LOG = System.getLogger("dev.muster.task");

    private final TaskCatalog catalog;
    private final InstanceFactory instances;
    private final long defaultTimeoutMillis;

    /// @param defaultTimeoutMillis limit of an attempt where neither message nor declaration says one
    public TaskRunner(TaskCatalog catalog, InstanceFactory instances, long defaultTimeoutMillis) {
        this.catalog = catalog;
        this.instances = instances;
        this.defaultTimeoutMillis = defaultTimeoutMillis;
    }

    /// A task that is ready to be called, or that can never be.
    sealed interface Prepared permits Work, Hopeless {}

    /// A task that is ready to be called.
    ///
    /// @param atMostOnce whether it must not be started a second time if this process dies
    record Work(Claim claim, TaskMessage message, Call call, String label, long limitMillis, boolean atMostOnce)
            implements Prepared {}

    /// A task that can never be called.
    record Hopeless(Outcome.Dead outcome) implements Prepared {}

    /// Finds out what the claimed message calls.
    Prepared prepare(Claim claim) {
        return switch (catalog.parse(claim.payload())) {
            case Refused refused -> hopeless(claim, refused);
            case TaskMessage message ->
                switch (catalog.resolve(message)) {
                    case Refused refused -> hopeless(claim, refused);
                    case Found _ -> throw new IllegalStateException("resolved without a call: " + message.label());
                    case Call call -> {
                        TaskDeclaration task = call.task();
                        long limit = message.timeoutMillis() > 0
                                ? message.timeoutMillis()
                                : task.timeoutMillis() > 0 ? task.timeoutMillis() : defaultTimeoutMillis;
                        yield new Work(
                                claim, message, call, message.label(), limit, catalog.onCrash(task) == OnCrash.DEAD);
                    }
                };
        };
    }

    /// Calls the method.
    ///
    /// @throws OutOfMemoryError if the task ran out of memory
    Outcome run(Work work) {
        @Nullable Throwable thrown = call(work.call());
        // An interrupt that the task left behind is not meant for the next one.
        boolean _ = Thread.interrupted();
        if (thrown == null) {
            return new Outcome.Done(work.claim());
        }
        rethrowOutOfMemory(thrown);
        return failed(work.claim(), work.message(), work.call().task(), work.label(), thrown);
    }

    /// A task taken by a hand-written hook: its message must be one, what it names is the hook's affair.
    Parsed parse(Claim claim) {
        return catalog.parse(claim.payload());
    }

    /// The outcome of a task whose hook says that it failed.
    ///
    /// @param delay before it comes again, null for the usual one
    Outcome retry(Claim claim, TaskMessage message, @Nullable Duration delay) {
        if (catalog.left(message, catalog.declaration(message), claim) <= 1) {
            return new Outcome.Dead(
                    claim, DeadReason.RETRIES_SPENT, "its hook gave it up for a retry on the last attempt");
        }
        return new Outcome.Retry(claim, message.again(), delay == null ? pause(claim) : delay, "retried by its hook");
    }

    private @Nullable Throwable call(Call call) {
        try {
            Object target = Modifier.isStatic(call.method().getModifiers())
                    ? null
                    : instances.create(call.method().getDeclaringClass());
            Object _ = call.method().invoke(target, call.arguments());
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (Throwable t) {
            return t;
        }
    }

    private Outcome failed(Claim claim, TaskMessage message, TaskDeclaration task, String label, Throwable thrown) {
        int left = catalog.left(message, task, claim);
        boolean asked = thrown instanceof RetryException;
        if (left > 1) {
            Duration delay = pause(claim);
            log(
                    asked ? Level.INFO : Level.WARNING,
                    claim,
                    label,
                    thrown,
                    "trying again in " + delay.toMillis() + " ms");
            return new Outcome.Retry(claim, message.again(), delay, StackText.line(thrown));
        }
        log(
                asked ? Level.INFO : Level.WARNING,
                claim,
                label,
                thrown,
                "it has no attempt left and ends as a dead letter");
        DeadReason reason = asked ? DeadReason.RETRIES_SPENT : DeadReason.FAILED;
        return new Outcome.Dead(claim, reason, StackText.of(thrown, STACK_LIMIT));
    }

    private static Duration pause(Claim claim) {
        return RetryPolicy.DEFAULT.delay(
                claim.attempts() + 1, ThreadLocalRandom.current().nextDouble());
    }

    private static void log(Level level, Claim claim, String label, Throwable thrown, String next) {
        String line = "task " + claim.id() + " (" + StackText.shorten(label, 200) + ") failed in attempt "
                + (claim.attempts() + 1) + ": " + StackText.line(thrown) + "; " + next;
        if (level == Level.WARNING && !(thrown instanceof StackOverflowError)) {
            LOG.log(level, line, thrown);
        } else {
            LOG.log(level, line);
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
