package dev.muster.task;

import dev.muster.config.Settings;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.NewTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Enqueues tasks from any process of a Muster application. When a call returns, the task is kept.
///
/// ```java
/// Tasks.enqueue(Reports.class, Reports::daily, 42L);          // an instance method
/// Tasks.enqueue(Reports::purge);                              // a static method
/// Tasks.enqueue("report.daily", 42L);                         // by name
/// Tasks.delay(Duration.ofMinutes(5)).enqueue("report.daily", 42L);
/// ```
///
/// **Threads:** every method may be called by any thread, and blocks until the store has the task.
/// **Failure:** [BrokerException] if the store could not take it. A process that dies inside a call does not know
/// whether the task was accepted.
public final class Tasks {
    private static final Delayed AT_ONCE = new Delayed(Duration.ZERO);
    private static volatile @Nullable Target target;

    private Tasks() {}

    /// Says where the tasks of this process go. For the runtime; called once, before user code runs.
    public static void use(Settings settings) {
        use(settings, List.of(), () -> Brokers.open(settings));
    }

    /// As [#use(Settings)], with what is already at hand.
    ///
    /// @param tasks the declarations, so that a task called by its name finds its queue; may be empty
    /// @param broker asked once, when the first task is enqueued
    public static void use(Settings settings, List<TaskDeclaration> tasks, Supplier<Broker> broker) {
        target = new Target(settings.text("tasks.queue"), tasks, broker);
    }

    /// The application has ended and this JVM goes on: enqueueing is an error from now on. For the runtime.
    public static void unuse() {
        target = null;
    }

    /// Tasks that become ready only after this time.
    ///
    /// @param delay 0 to 3660 days
    public static Delayed delay(Duration delay) {
        return new Delayed(delay);
    }

    /// Enqueues a task by its name.
    ///
    /// @param name what `@Task` says, or `fully.qualified.Class.method`
    /// @param arguments values that Jackson can write as JSON
    /// @return the id of the task
    public static String enqueue(String name, @Nullable Object... arguments) {
        return AT_ONCE.enqueue(name, arguments);
    }

    /// Enqueues a static method without parameters, as `Type::method`.
    public static String enqueue(TaskMethod.Static0 method) {
        return AT_ONCE.enqueue(method);
    }

    /// Enqueues a static method with one parameter.
    public static <A> String enqueue(TaskMethod.Static1<A> method, A a) {
        return AT_ONCE.enqueue(method, a);
    }

    /// Enqueues a static method with two parameters.
    public static <A, B> String enqueue(TaskMethod.Static2<A, B> method, A a, B b) {
        return AT_ONCE.enqueue(method, a, b);
    }

    /// Enqueues a static method with three parameters.
    public static <A, B, C> String enqueue(TaskMethod.Static3<A, B, C> method, A a, B b, C c) {
        return AT_ONCE.enqueue(method, a, b, c);
    }

    /// Enqueues an instance method without parameters, as `Type.class, Type::method`.
    public static <T> String enqueue(Class<T> type, TaskMethod.Instance0<T> method) {
        return AT_ONCE.enqueue(type, method);
    }

    /// Enqueues an instance method with one parameter.
    public static <T, A> String enqueue(Class<T> type, TaskMethod.Instance1<T, A> method, A a) {
        return AT_ONCE.enqueue(type, method, a);
    }

    /// Enqueues an instance method with two parameters.
    public static <T, A, B> String enqueue(Class<T> type, TaskMethod.Instance2<T, A, B> method, A a, B b) {
        return AT_ONCE.enqueue(type, method, a, b);
    }

    /// Enqueues an instance method with three parameters.
    public static <T, A, B, C> String enqueue(Class<T> type, TaskMethod.Instance3<T, A, B, C> method, A a, B b, C c) {
        return AT_ONCE.enqueue(type, method, a, b, c);
    }

    /// Enqueues a static method with a [TaskContext] alone.
    public static String enqueue(TaskMethod.StaticContext0 method) {
        return AT_ONCE.enqueue(method);
    }

    /// Enqueues a static method with one parameter and a [TaskContext] behind it.
    public static <A> String enqueue(TaskMethod.StaticContext1<A> method, A a) {
        return AT_ONCE.enqueue(method, a);
    }

    /// Enqueues a static method with two parameters and a [TaskContext] behind them.
    public static <A, B> String enqueue(TaskMethod.StaticContext2<A, B> method, A a, B b) {
        return AT_ONCE.enqueue(method, a, b);
    }

    /// Enqueues a static method with three parameters and a [TaskContext] behind them.
    public static <A, B, C> String enqueue(TaskMethod.StaticContext3<A, B, C> method, A a, B b, C c) {
        return AT_ONCE.enqueue(method, a, b, c);
    }

    /// Enqueues an instance method with a [TaskContext] alone.
    public static <T> String enqueue(Class<T> type, TaskMethod.InstanceContext0<T> method) {
        return AT_ONCE.enqueue(type, method);
    }

    /// Enqueues an instance method with one parameter and a [TaskContext] behind it.
    public static <T, A> String enqueue(Class<T> type, TaskMethod.InstanceContext1<T, A> method, A a) {
        return AT_ONCE.enqueue(type, method, a);
    }

    /// Enqueues an instance method with two parameters and a [TaskContext] behind them.
    public static <T, A, B> String enqueue(Class<T> type, TaskMethod.InstanceContext2<T, A, B> method, A a, B b) {
        return AT_ONCE.enqueue(type, method, a, b);
    }

    /// Enqueues an instance method with three parameters and a [TaskContext] behind them.
    public static <T, A, B, C> String enqueue(
            Class<T> type, TaskMethod.InstanceContext3<T, A, B, C> method, A a, B b, C c) {
        return AT_ONCE.enqueue(type, method, a, b, c);
    }

    /// The same calls for tasks that wait.
    ///
    /// **Threads:** immutable.
    public static final class Delayed {
        private final Duration delay;

        private Delayed(Duration delay) {
            this.delay = delay;
        }

        /// As [Tasks#enqueue(String, Object...)].
        public String enqueue(String name, @Nullable Object... arguments) {
            Target now = target();
            return post(now, name, now.queues.getOrDefault(name, ""), arguments);
        }

        /// A static method without parameters.
        public String enqueue(TaskMethod.Static0 method) {
            return post(method);
        }

        /// A static method with one parameter.
        public <A> String enqueue(TaskMethod.Static1<A> method, A a) {
            return post(method, a);
        }

        /// A static method with two parameters.
        public <A, B> String enqueue(TaskMethod.Static2<A, B> method, A a, B b) {
            return post(method, a, b);
        }

        /// A static method with three parameters.
        public <A, B, C> String enqueue(TaskMethod.Static3<A, B, C> method, A a, B b, C c) {
            return post(method, a, b, c);
        }

        /// An instance method without parameters.
        public <T> String enqueue(Class<T> type, TaskMethod.Instance0<T> method) {
            return post(method, type);
        }

        /// An instance method with one parameter.
        public <T, A> String enqueue(Class<T> type, TaskMethod.Instance1<T, A> method, A a) {
            return post(method, type, a);
        }

        /// An instance method with two parameters.
        public <T, A, B> String enqueue(Class<T> type, TaskMethod.Instance2<T, A, B> method, A a, B b) {
            return post(method, type, a, b);
        }

        /// An instance method with three parameters.
        public <T, A, B, C> String enqueue(Class<T> type, TaskMethod.Instance3<T, A, B, C> method, A a, B b, C c) {
            return post(method, type, a, b, c);
        }

        /// A static method with a [TaskContext] alone.
        public String enqueue(TaskMethod.StaticContext0 method) {
            return post(method);
        }

        /// A static method with one parameter and a [TaskContext] behind it.
        public <A> String enqueue(TaskMethod.StaticContext1<A> method, A a) {
            return post(method, a);
        }

        /// A static method with two parameters and a [TaskContext] behind them.
        public <A, B> String enqueue(TaskMethod.StaticContext2<A, B> method, A a, B b) {
            return post(method, a, b);
        }

        /// A static method with three parameters and a [TaskContext] behind them.
        public <A, B, C> String enqueue(TaskMethod.StaticContext3<A, B, C> method, A a, B b, C c) {
            return post(method, a, b, c);
        }

        /// An instance method with a [TaskContext] alone.
        public <T> String enqueue(Class<T> type, TaskMethod.InstanceContext0<T> method) {
            return post(method, type);
        }

        /// An instance method with one parameter and a [TaskContext] behind it.
        public <T, A> String enqueue(Class<T> type, TaskMethod.InstanceContext1<T, A> method, A a) {
            return post(method, type, a);
        }

        /// An instance method with two parameters and a [TaskContext] behind them.
        public <T, A, B> String enqueue(Class<T> type, TaskMethod.InstanceContext2<T, A, B> method, A a, B b) {
            return post(method, type, a, b);
        }

        /// An instance method with three parameters and a [TaskContext] behind them.
        public <T, A, B, C> String enqueue(
                Class<T> type, TaskMethod.InstanceContext3<T, A, B, C> method, A a, B b, C c) {
            return post(method, type, a, b, c);
        }

        private <T> String post(TaskMethod.Instance method, Class<T> type, @Nullable Object... arguments) {
            return post(target(), TaskReference.of(method, type), arguments);
        }

        private String post(TaskMethod.Static method, @Nullable Object... arguments) {
            return post(target(), TaskReference.of(method, null), arguments);
        }

        private String post(Target now, TaskReference named, @Nullable Object[] arguments) {
            return post(now, named.name(), named.queue(), named.ofMessage(arguments));
        }

        private String post(Target now, String name, String queue, @Nullable Object[] arguments) {
            String message = ParameterBinder.JSON.writeValueAsString(new Message(name, arguments));
            NewTask task = new NewTask("", queue.isEmpty() ? now.defaultQueue : queue, message, delay, "");
            return now.broker().enqueue(List.of(task)).getFirst();
        }
    }

    /// As it is written; the order of the components is that of the JSON.
    private record Message(String task, @Nullable Object[] param) {}

    private static Target target() {
        Target now = target;
        if (now == null) {
            throw new IllegalStateException(
                    "Tasks.enqueue works in the processes of a Muster application, after Muster.run has started this"
                            + " one; it does not in main before that call, nor in the master");
        }
        return now;
    }

    private static final class Target {
        private final String defaultQueue;
        private final Map<String, String> queues = new ConcurrentHashMap<>();
        private final Supplier<Broker> supplier;
        private @Nullable Broker broker;

        Target(String defaultQueue, List<TaskDeclaration> tasks, Supplier<Broker> supplier) {
            this.defaultQueue = defaultQueue;
            this.supplier = supplier;
            for (TaskDeclaration task : tasks) {
                queues.putIfAbsent(task.name(), task.queue());
            }
        }

        synchronized Broker broker() {
            Broker open = broker;
            if (open == null) {
                open = supplier.get();
                broker = open;
            }
            return open;
        }
    }
}
