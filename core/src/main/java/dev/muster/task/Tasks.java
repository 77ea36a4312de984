package dev.muster.task;

import dev.muster.config.Settings;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.TaskDesk.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Enqueues tasks. When a call returns, the task is kept.
///
/// In the processes of a Muster application the static methods are enough: they use the store of the application.
///
/// ```java
/// Tasks.enqueue(Reports.class, Reports::daily, 42L);          // an instance method
/// Tasks.enqueue(Reports::purge);                              // a static method
/// Tasks.enqueue("report.daily", 42L);                         // by name
/// Tasks.with().delay(Duration.ofMinutes(5)).enqueue("report.daily", 42L);
/// ```
///
/// Any other JVM connects to a store and enqueues through the connection:
///
/// ```java
/// try (Tasks tasks = Tasks.connect("redis://queue.example/0")) {
///     tasks.submit().queue("mail").enqueue("mail.send", 42L);
/// }
/// ```
///
/// **Threads:** every method may be called by any thread, and blocks until the store has the task.
/// **Failure:** [BrokerException] if the store could not take it. A process that dies inside a call does not know
/// whether the task was accepted: a unique key makes a second call harmless.
public final class Tasks implements AutoCloseable {
    private static volatile @Nullable Destination own;

    private final Destination destination;

    private Tasks(Destination destination) {
        this.destination = destination;
    }

    /// Connects to the store of an application, from any JVM that has the broker's module on its class path.
    ///
    /// @param url `redis://[user:password@]host[:port][/database]` (`rediss` for TLS),
    ///     `postgres://[user:password@]host[:port]/database`, or `sqlite:/path/of/queue.db`; in the last,
    ///     `?durability=process` trades the last moments before a power failure for speed
    /// @return to be closed by the caller
    /// @throws BrokerException if there is no broker for such an address, or the store cannot be opened
    public static Tasks connect(String url) {
        Broker broker = Brokers.connect(url);
        return new Tasks(new Destination("default", List.of(), () -> broker));
    }

    /// Enqueues through this connection, under terms of its own. Tasks that declare no queue go to the queue
    /// `default`.
    public TaskSubmission submit() {
        return new TaskSubmission(destination);
    }

    /// Collects tasks that are accepted through this connection together.
    public TaskBatch newBatch() {
        return new TaskBatch(destination);
    }

    /// As [#status(String)], through this connection.
    public Optional<TaskStatus> find(String id) {
        return TaskStatus.of(destination.broker(), id);
    }

    /// Closes the connection. Nothing that was accepted depends on it.
    @Override
    public void close() {
        destination.broker().close();
    }

    /// Says where the tasks of this process go. For the runtime; called once, before user code runs.
    public static void use(Settings settings) {
        use(settings, List.of(), () -> Brokers.open(settings));
    }

    /// As [#use(Settings)], with what is already at hand.
    ///
    /// @param tasks the declarations, so that a task called by its name finds its queue; may be empty
    /// @param broker asked once, when the first task is enqueued
    public static void use(Settings settings, List<TaskDeclaration> tasks, Supplier<Broker> broker) {
        own = new Destination(settings.text("tasks.queue"), tasks, broker);
    }

    /// The application has ended and this JVM goes on: enqueueing is an error from now on. For the runtime.
    public static void unuse() {
        own = null;
    }

    /// Under terms of its own: with a delay, a priority, a unique key, in a transaction.
    public static TaskSubmission with() {
        return new TaskSubmission(own());
    }

    /// Tasks that become ready only after this time; short for `with().delay(delay)`.
    ///
    /// @param delay 0 to 3660 days
    public static TaskSubmission delay(Duration delay) {
        return with().delay(delay);
    }

    /// Collects tasks that are accepted together: many small ones cost far less than one by one.
    public static TaskBatch batch() {
        return new TaskBatch(own());
    }

    /// What is known of a task: where it is, how far it has come, what it has returned.
    ///
    /// @return empty if it was never accepted, was deleted, or is done and has left no result, or not kept it until
    ///     now
    public static Optional<TaskStatus> status(String id) {
        return TaskStatus.of(own().broker(), id);
    }

    /// Cancels a task, see [TaskDesk#cancel(String)].
    public static Cancellation cancel(String id) {
        return own().broker().cancel(id);
    }

    /// Enqueues a task by its name.
    ///
    /// @param name what `@Task` says, or `fully.qualified.Class.method`
    /// @param arguments values that Jackson can write as JSON
    /// @return the id of the task
    public static String enqueue(String name, @Nullable Object... arguments) {
        return with().enqueue(name, arguments);
    }

    /// Enqueues a static method without parameters, as `Type::method`.
    public static String enqueue(TaskMethod.Static0 method) {
        return with().enqueue(method);
    }

    /// Enqueues a static method with one parameter.
    public static <A> String enqueue(TaskMethod.Static1<A> method, A a) {
        return with().enqueue(method, a);
    }

    /// Enqueues a static method with two parameters.
    public static <A, B> String enqueue(TaskMethod.Static2<A, B> method, A a, B b) {
        return with().enqueue(method, a, b);
    }

    /// Enqueues a static method with three parameters.
    public static <A, B, C> String enqueue(TaskMethod.Static3<A, B, C> method, A a, B b, C c) {
        return with().enqueue(method, a, b, c);
    }

    /// Enqueues an instance method without parameters, as `Type.class, Type::method`.
    public static <T> String enqueue(Class<T> type, TaskMethod.Instance0<T> method) {
        return with().enqueue(type, method);
    }

    /// Enqueues an instance method with one parameter.
    public static <T, A> String enqueue(Class<T> type, TaskMethod.Instance1<T, A> method, A a) {
        return with().enqueue(type, method, a);
    }

    /// Enqueues an instance method with two parameters.
    public static <T, A, B> String enqueue(Class<T> type, TaskMethod.Instance2<T, A, B> method, A a, B b) {
        return with().enqueue(type, method, a, b);
    }

    /// Enqueues an instance method with three parameters.
    public static <T, A, B, C> String enqueue(Class<T> type, TaskMethod.Instance3<T, A, B, C> method, A a, B b, C c) {
        return with().enqueue(type, method, a, b, c);
    }

    /// Enqueues a static method with a [TaskContext] alone.
    public static String enqueue(TaskMethod.StaticContext0 method) {
        return with().enqueue(method);
    }

    /// Enqueues a static method with one parameter and a [TaskContext] behind it.
    public static <A> String enqueue(TaskMethod.StaticContext1<A> method, A a) {
        return with().enqueue(method, a);
    }

    /// Enqueues a static method with two parameters and a [TaskContext] behind them.
    public static <A, B> String enqueue(TaskMethod.StaticContext2<A, B> method, A a, B b) {
        return with().enqueue(method, a, b);
    }

    /// Enqueues a static method with three parameters and a [TaskContext] behind them.
    public static <A, B, C> String enqueue(TaskMethod.StaticContext3<A, B, C> method, A a, B b, C c) {
        return with().enqueue(method, a, b, c);
    }

    /// Enqueues an instance method with a [TaskContext] alone.
    public static <T> String enqueue(Class<T> type, TaskMethod.InstanceContext0<T> method) {
        return with().enqueue(type, method);
    }

    /// Enqueues an instance method with one parameter and a [TaskContext] behind it.
    public static <T, A> String enqueue(Class<T> type, TaskMethod.InstanceContext1<T, A> method, A a) {
        return with().enqueue(type, method, a);
    }

    /// Enqueues an instance method with two parameters and a [TaskContext] behind them.
    public static <T, A, B> String enqueue(Class<T> type, TaskMethod.InstanceContext2<T, A, B> method, A a, B b) {
        return with().enqueue(type, method, a, b);
    }

    /// Enqueues an instance method with three parameters and a [TaskContext] behind them.
    public static <T, A, B, C> String enqueue(
            Class<T> type, TaskMethod.InstanceContext3<T, A, B, C> method, A a, B b, C c) {
        return with().enqueue(type, method, a, b, c);
    }

    private static Destination own() {
        Destination now = own;
        if (now == null) {
            throw new IllegalStateException(
                    "Tasks.enqueue works in the processes of a Muster application, after Muster.run has started this"
                            + " one; it does not in main before that call, nor in the master. Another JVM enqueues"
                            + " through Tasks.connect(url).submit()");
        }
        return now;
    }
}
