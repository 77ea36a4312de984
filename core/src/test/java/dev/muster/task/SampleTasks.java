package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Tasks for tests, and what the scan would say about them.
@SuppressWarnings({"UnusedMethod", "DoNotCallSuggester", "InfiniteRecursion"})
final class SampleTasks {
    static final List<Object> CALLS = new ArrayList<>();

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
                            task.attempts(),
                            task.onCrash().name()));
                }
            }
        }
        return found;
    }

    static TaskCatalog catalog() {
        return new TaskCatalog(declarations(), OnCrash.RETRY, 1 << 20, SampleTasks.class.getClassLoader());
    }
}
