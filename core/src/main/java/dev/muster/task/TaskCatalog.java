package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The tasks of an application by every name under which a message may call them. Nothing else can be reached: a class
/// that declares no task is never loaded because a message names it, and no class is initialised before its task is
/// called.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the worker.
public final class TaskCatalog implements Broker.CrashPolicy {
    private final Map<String, List<TaskDeclaration>> byName = new HashMap<>();
    private final Map<String, Map<String, List<TaskDeclaration>>> byClass = new HashMap<>();
    private final Map<TaskDeclaration, Method> methods = new ConcurrentHashMap<>();
    private final OnCrash onCrash;
    private final long maxSize;
    private final ClassLoader loader;

    /// @param tasks every task of the application
    /// @param onCrash what holds for all of them (`tasks.onCrash`); `DEAD` cannot be lifted by a single task
    /// @param maxSize largest message in bytes (`tasks.maxSize`)
    /// @param loader the application's class loader
    public TaskCatalog(List<TaskDeclaration> tasks, OnCrash onCrash, long maxSize, ClassLoader loader) {
        for (TaskDeclaration task : tasks) {
            byName.computeIfAbsent(task.name(), _ -> new ArrayList<>()).add(task);
            Map<String, List<TaskDeclaration>> ofClass = new HashMap<>();
            Map<String, List<TaskDeclaration>> known = byClass.putIfAbsent(task.className(), ofClass);
            (known == null ? ofClass : known)
                    .computeIfAbsent(task.methodName(), _ -> new ArrayList<>())
                    .add(task);
        }
        // A nested class may be written with dots, as people do; the binary name wins where the two meet.
        for (String className : List.copyOf(byClass.keySet())) {
            byClass.putIfAbsent(className.replace('$', '.'), byClass.get(className));
        }
        this.onCrash = onCrash;
        this.maxSize = maxSize;
        this.loader = loader;
    }

    @Override
    public Terms terms(Claim claim) {
        if (TaskMessage.parse(claim.payload(), maxSize) instanceof TaskMessage message) {
            @Nullable TaskDeclaration task = find(message) instanceof Found found ? found.best(message) : null;
            boolean spent = left(message, task, claim) <= 1;
            Duration delay = RetryPolicy.DEFAULT.delay(
                    claim.attempts() + 1, ThreadLocalRandom.current().nextDouble());
            return new Terms(onCrash(task), spent ? null : message.again(), delay);
        }
        return new Terms(onCrash, null, Duration.ZERO);
    }

    /// Reads a message without looking for its task.
    Parsed parse(String payload) {
        return TaskMessage.parse(payload, maxSize);
    }

    /// Finds what a message calls and binds its parameters.
    Resolved resolve(TaskMessage message) {
        return switch (find(message)) {
            case Refused refused -> refused;
            case Call call -> call;
            case Found found -> bind(message, found);
        };
    }

    /// Executions that are left, this one included. The message's own number is lowered each time it is put back;
    /// the declaration's is not.
    int left(TaskMessage message, @Nullable TaskDeclaration task, Claim claim) {
        if (message.retry() > 0) {
            return message.retry();
        }
        return (task == null ? 1 : task.attempts()) - claim.attempts();
    }

    /// What holds for a task when its worker dies.
    ///
    /// @param task null if the message names none
    OnCrash onCrash(@Nullable TaskDeclaration task) {
        return task != null && task.onCrash().equals(OnCrash.DEAD.name()) ? OnCrash.DEAD : onCrash;
    }

    /// The declaration that a message most likely means, null if there is none.
    @Nullable
    TaskDeclaration declaration(TaskMessage message) {
        return find(message) instanceof Found found ? found.best(message) : null;
    }

    private Resolved find(TaskMessage message) {
        if (!message.task().isEmpty()) {
            List<TaskDeclaration> named = byName.get(message.task());
            return named != null
                    ? new Found(named)
                    : new Refused(
                            DeadReason.UNKNOWN_TASK,
                            "no task of this application has the name '" + StackText.shorten(message.task(), 200)
                                    + "'");
        }
        Map<String, List<TaskDeclaration>> ofClass = byClass.get(message.className());
        if (ofClass == null) {
            return unknownClass(message.className());
        }
        List<TaskDeclaration> ofMethod = ofClass.get(message.method());
        return ofMethod != null ? new Found(ofMethod) : unknownMethod(message, ofClass);
    }

    private Refused unknownClass(String name) {
        String shown = StackText.shorten(name, 200);
        // The file is looked for, the class is not loaded: a message must not make this process run anything.
        boolean exists = name.length() <= 512
                && name.indexOf('/') < 0
                && loader.getResource(name.replace('.', '/') + ".class") != null;
        return new Refused(
                DeadReason.UNKNOWN_CLASS,
                exists
                        ? "the class " + shown + " has no method annotated with @Task"
                        : "this application has no class " + shown);
    }

    private Refused unknownMethod(TaskMessage message, Map<String, List<TaskDeclaration>> ofClass) {
        String className = ofClass.values().iterator().next().getFirst().className();
        String method = StackText.shorten(message.method(), 200);
        try {
            for (Class<?> type = Class.forName(className, false, loader); type != null; type = type.getSuperclass()) {
                for (Method declared : type.getDeclaredMethods()) {
                    if (declared.getName().equals(message.method())) {
                        return new Refused(
                                DeadReason.NOT_A_TASK,
                                "the method " + className + "." + method + " is not annotated with @Task");
                    }
                }
            }
        } catch (ClassNotFoundException | LinkageError e) {
            return new Refused(
                    DeadReason.UNKNOWN_METHOD,
                    "the class " + className + " cannot be loaded to look for its method " + method + ": " + e);
        }
        return new Refused(DeadReason.UNKNOWN_METHOD, "the class " + className + " has no method " + method);
    }

    private Resolved bind(TaskMessage message, Found found) {
        int count = ParameterBinder.count(message.param());
        @Nullable String refusal = null;
        for (TaskDeclaration task : found.tasks()) {
            Method method;
            try {
                method = methods.computeIfAbsent(task, this::method);
            } catch (IllegalStateException e) {
                return new Refused(DeadReason.UNKNOWN_METHOD, String.valueOf(e.getMessage()));
            }
            if (found.tasks().size() > 1 && method.getParameterCount() != count) {
                continue;
            }
            try {
                return new Call(task, method, ParameterBinder.bind(message.param(), method));
            } catch (IllegalArgumentException e) {
                refusal = refusal == null ? String.valueOf(e.getMessage()) : refusal;
            }
        }
        return new Refused(
                DeadReason.BAD_PARAMETERS,
                refusal != null
                        ? refusal
                        : "the message has " + count + " parameters, and none of the "
                                + found.tasks().size() + " methods " + message.label() + " takes so many");
    }

    private Method method(TaskDeclaration task) {
        try {
            Class<?> type = Class.forName(task.className(), false, loader);
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(task.methodName())
                        && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .descriptorString()
                                .equals(task.descriptor())) {
                    method.setAccessible(true);
                    return method;
                }
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalStateException("the class of the task " + task.name() + " cannot be loaded: " + e, e);
        }
        throw new IllegalStateException("the class " + task.className() + " has no method " + task.methodName()
                + task.descriptor() + " any more; the application was changed while it ran");
    }
}
