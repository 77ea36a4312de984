package dev.muster.task;

import dev.muster.task.Broker.NewTask;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Enqueues tasks under terms of their own: when, where, how important, how often.
///
/// ```java
/// Tasks.with().delay(Duration.ofMinutes(5)).enqueue("report.daily", 42L);
/// Tasks.with().unique("invoice-" + id).priority(5).enqueue(Invoices.class, Invoices::send, id);
/// Tasks.with().in(connection).enqueue("mail.send", id);     // kept if and when the caller commits
/// ```
///
/// **Threads:** immutable; each call with a value returns another object. **Failure:** a value that is out of its range
/// is an `IllegalArgumentException` of the call that says it; the rest as [Tasks].
public final class TaskSubmission {
    private final Route route;
    private final Terms terms;

    TaskSubmission(Route route) {
        this(route, new Terms());
    }

    private TaskSubmission(Route route, Terms terms) {
        this.route = route;
        this.terms = terms;
    }

    /// What was said so far; not changed any more once a submission has it.
    private static final class Terms {
        private String queue = "";
        private @Nullable Duration delay;
        private @Nullable Instant at;
        private int priority;
        private String unique = "";
        private @Nullable Connection connection;
        // Of the message, beside the task and its parameters.
        private final Map<String, Object> fields = new LinkedHashMap<>();

        Terms() {}

        Terms(Terms other) {
            queue = other.queue;
            delay = other.delay;
            at = other.at;
            priority = other.priority;
            unique = other.unique;
            connection = other.connection;
            fields.putAll(other.fields);
        }
    }

    private TaskSubmission but(Consumer<Terms> change) {
        Terms changed = new Terms(terms);
        change.accept(changed);
        return new TaskSubmission(route, changed);
    }

    /// Ready only after this time.
    ///
    /// @param delay 0 to 3660 days
    public TaskSubmission delay(Duration delay) {
        Duration legal = TaskLimits.delay(delay);
        return but(changed -> {
            changed.delay = legal;
            changed.at = null;
        });
    }

    /// Ready only at this instant, by the clock of this machine; an instant of the past is now.
    ///
    /// @param instant at most 3660 days from now
    public TaskSubmission at(Instant instant) {
        TaskLimits.delay(until(instant));
        return but(changed -> {
            changed.at = instant;
            changed.delay = null;
        });
    }

    /// On this queue, whatever the task declares.
    ///
    /// @param queue 1 to 128 characters, none of them a control character
    public TaskSubmission queue(String queue) {
        String legal = QueueName.checked(queue);
        return but(changed -> changed.queue = legal);
    }

    /// Before or behind the others of its queue.
    ///
    /// @param priority -9 to 9, 0 for most; the highest comes first
    public TaskSubmission priority(int priority) {
        int legal = TaskLimits.priority(priority);
        return but(changed -> changed.priority = legal);
    }

    /// Only if no task of its queue with the same key is ready, scheduled or running.
    ///
    /// @param key 1 to 200 characters
    public TaskSubmission unique(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("a unique key has 1 to 200 characters, this one has none");
        }
        String legal = TaskLimits.unique(key);
        return but(changed -> changed.unique = legal);
    }

    /// Worth starting only within this time; later it ends as a dead letter with the reason `EXPIRED`.
    ///
    /// @param time 1 ms to 3660 days, from now on, by the clock of this machine
    public TaskSubmission expires(Duration time) {
        if (time.toMillis() < 1 || time.toDays() > 3660) {
            throw new IllegalArgumentException("a task expires after 1 ms to 3660 days, not after " + time);
        }
        return field("expires", Math.addExact(System.currentTimeMillis(), time.toMillis()));
    }

    /// Executed so often at most, whatever the task declares.
    ///
    /// @param attempts 1 to 1,000
    public TaskSubmission attempts(int attempts) {
        if (attempts < 1 || attempts > 1000) {
            throw new IllegalArgumentException("a task has 1 to 1000 attempts, not " + attempts);
        }
        return field("retry", attempts);
    }

    /// With this limit for each attempt, whatever the task declares.
    ///
    /// @param limit 1 ms to 30 days
    public TaskSubmission timeout(Duration limit) {
        if (limit.toMillis() < 1 || limit.toDays() > 30) {
            throw new IllegalArgumentException("an attempt is limited to 1 ms to 30 days, not to " + limit);
        }
        return field("timeout", limit.toMillis());
    }

    /// Inside the transaction that is open on this connection: the task is kept if and when the caller commits, and
    /// was never there if it rolls back. With PostgreSQL workers are woken by the commit; with SQLite they see the
    /// task within five seconds of it.
    ///
    /// @param connection to the database in which the tasks lie; neither committed nor closed here
    public TaskSubmission in(Connection connection) {
        Connection given = Objects.requireNonNull(connection, "the connection of a transaction must not be null");
        return but(changed -> changed.connection = given);
    }

    private TaskSubmission field(String name, Object value) {
        return but(changed -> changed.fields.put(name, value));
    }

    /// Enqueues a task by its name.
    ///
    /// @param name what `@Task` says, or `fully.qualified.Class.method`
    /// @param arguments values that Jackson can write as JSON
    /// @return the id of the task; with a unique key, that of the task that is there already
    public String enqueue(String name, @Nullable Object... arguments) {
        return post(name, route.queueOf(name), arguments);
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
    public <T, A, B, C> String enqueue(Class<T> type, TaskMethod.InstanceContext3<T, A, B, C> method, A a, B b, C c) {
        return post(method, type, a, b, c);
    }

    private <T> String post(TaskMethod.Instance method, Class<T> type, @Nullable Object... arguments) {
        TaskReference task = TaskReference.of(method, type);
        return post(task.name(), task.queue(), task.ofMessage(arguments));
    }

    private String post(TaskMethod.Static method, @Nullable Object... arguments) {
        TaskReference task = TaskReference.of(method, null);
        return post(task.name(), task.queue(), task.ofMessage(arguments));
    }

    private String post(String name, String declaredQueue, @Nullable Object[] arguments) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("task", name);
        message.put("param", arguments);
        message.putAll(terms.fields);
        String queue =
                !terms.queue.isEmpty() ? terms.queue : declaredQueue.isEmpty() ? route.defaultQueue() : declaredQueue;
        String text = ParameterBinder.JSON.writeValueAsString(message);
        return route.send(new NewTask("", queue, text, delay(), "", terms.priority, terms.unique), terms.connection);
    }

    private Duration delay() {
        if (terms.at != null) {
            return until(terms.at);
        }
        return terms.delay == null ? Duration.ZERO : terms.delay;
    }

    private static Duration until(Instant instant) {
        Duration left = Duration.between(Instant.now(), instant);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Where tasks go.
    interface Route {
        /// The queue of tasks that declare none.
        String defaultQueue();

        /// The queue that a task declares, empty if it declares none or is not known here.
        String queueOf(String task);

        /// @param connection in whose transaction, null for none
        /// @return the id of the task
        String send(NewTask task, @Nullable Connection connection);
    }
}
