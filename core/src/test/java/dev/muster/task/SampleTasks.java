package dev.muster.task;

import dev.muster.config.Durations;
import dev.muster.scan.RetryRule;
import dev.muster.scan.RetryRule.Then;
import dev.muster.scan.TaskDeclaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Tasks for tests, and what the scan would say about them.
@SuppressWarnings({"UnusedMethod", "DoNotCallSuggester", "InfiniteRecursion"})
final class SampleTasks {
    static final List<Object> CALLS = new CopyOnWriteArrayList<>();
    static final CountDownLatch HOOKS = new CountDownLatch(1);

    private SampleTasks() {}

    record Order(String sku, int count) {}

    @Task(name = "sum", attempts = 3, timeout = 1000, queue = "sums")
    static void sum(long a, int b) {
        CALLS.add(a + b);
    }

    @Task
    private static void nothing() {
        CALLS.add("nothing");
    }

    @Task
    static void one(String text) {
        CALLS.add("one " + text);
    }

    @Task
    static void one(String text, String more) {
        CALLS.add("two " + text + more);
    }

    @Task(onCrash = OnCrash.DEAD)
    static void shapes(List<Long> numbers, Map<String, Integer> map, Order order, double factor, boolean flag) {
        CALLS.add(List.of(numbers, map, order, factor, flag));
    }

    @Task(attempts = 2)
    static void asksForRetry() {
        throw new RetryException("upstream is down");
    }

    @Task(attempts = 2)
    static void fails() {
        throw new IllegalStateException("no luck");
    }

    @Task
    static void recurses() {
        recurses();
    }

    @Task
    static void runsOutOfMemory() {
        throw new OutOfMemoryError("simulated");
    }

    @Task
    static void leavesAnInterrupt() {
        Thread.currentThread().interrupt();
    }

    @Task(name = "listed")
    @Retry(
            delays = {"1s", "10s"},
            within = "1m")
    static void listed() {
        throw new IllegalStateException("no luck");
    }

    @Task(attempts = 3)
    @Retry(dead = IllegalStateException.class, discard = UncheckedIOException.class)
    static void throwsWhat(String what) {
        switch (what) {
            case "state" -> throw new CancellationException("a kind of IllegalStateException");
            case "gone" -> throw new UncheckedIOException(new IOException("gone"));
            case "snooze" -> throw new SnoozeException(Duration.ofSeconds(7), "not yet");
            case "later" -> throw new RetryException("busy", Duration.ofSeconds(9));
            default -> throw new IllegalArgumentException(what);
        }
    }

    /// Waits until it is interrupted, and says what its context knew.
    @Task(attempts = 2, timeout = 60_000, softTimeout = 50)
    static void waits(TaskContext context, String then) throws InterruptedException {
        context.onSoftLimit(() -> {
            throw new IllegalStateException("a hook that fails");
        });
        context.onSoftLimit(() -> {
            CALLS.add("hook");
            HOOKS.countDown();
        });
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            HOOKS.await();
            CALLS.add("over " + context.softLimitReached());
            context.onSoftLimit(() -> CALLS.add("late hook"));
            if (then.equals("throw")) {
                throw e;
            }
        }
    }

    @Task
    static void tells(long a, TaskContext context, int b) {
        CALLS.add(a + b);
        CALLS.add(context);
        CALLS.add(TaskContext.current());
    }

    @Task
    static void either(long a) {
        CALLS.add(a);
    }

    @Task
    static void either(TaskContext context, long a, long b) {
        CALLS.add(context.id() + a + b);
    }

    static void notATask() {
        CALLS.add("never");
    }

    static final class Mailer {
        private final int number = CALLS.size();

        private Mailer() {}

        @Task
        private void send(String to) {
            CALLS.add("sent " + to + " by " + number);
        }
    }

    static final class Unmakeable {
        Unmakeable(int x) {
            CALLS.add(x);
        }

        @Task
        void run() {
            CALLS.add("never");
        }
    }

    static final class NoTasks {
        static {
            CALLS.add("initialised");
        }

        static void run() {
            CALLS.add("never");
        }
    }

    static List<TaskDeclaration> declarations() {
        List<TaskDeclaration> found = new ArrayList<>();
        for (Class<?> type : List.of(SampleTasks.class, Mailer.class, Unmakeable.class)) {
            Method[] methods = type.getDeclaredMethods();
            Arrays.sort(methods, (a, b) -> a.toString().compareTo(b.toString()));
            for (Method method : methods) {
                Task task = method.getAnnotation(Task.class);
                if (task != null) {
                    found.add(new TaskDeclaration(
                            task.name().isEmpty() ? type.getName() + "." + method.getName() : task.name(),
                            type.getName(),
                            method.getName(),
                            MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                    .descriptorString(),
                            java.lang.reflect.Modifier.isStatic(method.getModifiers()),
                            task.queue(),
                            task.timeout(),
                            task.softTimeout(),
                            rule(method.getAnnotation(Retry.class)).within() > 0 ? 0 : task.attempts(),
                            task.onCrash().name(),
                            rule(method.getAnnotation(Retry.class))));
                }
            }
        }
        return found;
    }

    private static RetryRule rule(@Nullable Retry retry) {
        if (retry == null) {
            return RetryRule.NONE;
        }
        Map<String, Then> exceptions = new HashMap<>();
        List.of(retry.dead()).forEach(type -> exceptions.put(type.getName(), Then.DEAD));
        List.of(retry.discard()).forEach(type -> exceptions.put(type.getName(), Then.DISCARD));
        List<Long> delays = Arrays.stream(retry.delays())
                .map(delay -> Durations.parse(delay).orElseThrow())
                .toList();
        long within = Durations.parse(retry.within()).orElse(0);
        return new RetryRule(RetryRule.UNSET, retry.factor(), RetryRule.UNSET, delays, within, exceptions);
    }

    static TaskCatalog catalog() {
        return new TaskCatalog(declarations(), OnCrash.RETRY, 1 << 20, SampleTasks.class.getClassLoader());
    }

    /// What a claim leads to, in the two steps of a worker.
    static TaskRunner.Prepared prepared(TaskRunner runner, Broker.Claim claim) {
        return switch (runner.plan(claim)) {
            case TaskRunner.Hopeless hopeless -> hopeless;
            case TaskRunner.Plan plan -> runner.prepare(plan);
        };
    }
}
