package dev.muster.task;

import dev.muster.scan.RetryRule;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
    /// By identity: a declaration is large, and its hash is that of all it holds.
    private final Map<TaskDeclaration, MessageParameters> methods =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<TaskDeclaration, RetryPolicy> policies = new HashMap<>();
    private final RetryPolicy usual;
    private final OnCrash onCrash;
    private final long maxSize;
    private final Map<String, String> classes;
    private final ClassLoader loader;

    /// A catalog with delays from 200 ms to 30 s where a task does not say it.
    public TaskCatalog(List<TaskDeclaration> tasks, OnCrash onCrash, long maxSize, ClassLoader loader) {
        this(tasks, onCrash, RetryRule.NONE.resolved(200, 30_000), maxSize, loader);
    }

    /// @param tasks every task of the application
    /// @param onCrash what holds for all of them (`tasks.onCrash`); `DEAD` cannot be lifted by a single task
    /// @param usual what holds where a task does not say it (`tasks.retry.base` and `tasks.retry.cap`)
    /// @param maxSize largest message in bytes (`tasks.maxSize`)
    /// @param loader the application's class loader
    public TaskCatalog(
            List<TaskDeclaration> tasks, OnCrash onCrash, RetryRule usual, long maxSize, ClassLoader loader) {
        this(tasks, onCrash, usual, maxSize, loader, Map.of());
    }

    /// @param classes what the class names of some producers mean here (`tasks.classes`), with dots
    public TaskCatalog(
            List<TaskDeclaration> tasks,
            OnCrash onCrash,
            RetryRule usual,
            long maxSize,
            ClassLoader loader,
            Map<String, String> classes) {
        this.classes = Map.copyOf(classes);
        this.usual = new RetryPolicy(usual);
        for (TaskDeclaration task : tasks) {
            policies.put(task, new RetryPolicy(task.retry().resolved(usual.base(), usual.cap())));
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
            @Nullable TaskDeclaration task = declaration(message);
            long limit =
                    message.timeoutMillis() > 0 ? message.timeoutMillis() : task == null ? 0 : task.timeoutMillis();
            // When it began, died with its worker; at its deadline it had run for its limit.
            NextAttempt next = next(claim, message, task, System.currentTimeMillis() - limit, null);
            return new Terms(onCrash(task), next.message(), next.delay());
        }
        return new Terms(onCrash, null, Duration.ZERO);
    }

    /// What follows an attempt that failed, now.
    ///
    /// @param task null if the message names none
    /// @param began when the attempt began, in milliseconds since 1970
    /// @param asked the delay that the failure asked for, null for the usual one
    NextAttempt next(
            Claim claim, TaskMessage message, @Nullable TaskDeclaration task, long began, @Nullable Duration asked) {
        NextAttempt.Failed failed = new NextAttempt.Failed(
                claim,
                message,
                left(message, task, claim),
                began,
                System.currentTimeMillis(),
                ThreadLocalRandom.current().nextDouble());
        return NextAttempt.after(failed, policy(task), asked);
    }

    /// What holds for a task when an attempt of it fails.
    ///
    /// @param task null if the message names none
    RetryPolicy policy(@Nullable TaskDeclaration task) {
        return task == null ? usual : policies.getOrDefault(task, usual);
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
        if (task != null && task.attempts() == 0) {
            return Integer.MAX_VALUE;
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

    /// Finds what a message may call, without running any code of the application: [Found] or [Refused].
    Resolved find(TaskMessage message) {
        if (!message.task().isEmpty()) {
            List<TaskDeclaration> named = byName.get(message.task());
            return named != null
                    ? new Found(named)
                    : new Refused(
                            DeadReason.UNKNOWN_TASK,
                            "no task of this application has the name '" + StackText.shorten(message.task(), 200)
                                    + "'");
        }
        String className = classes.getOrDefault(message.className(), message.className());
        Map<String, List<TaskDeclaration>> ofClass = byClass.get(className);
        if (ofClass == null) {
            // A producer's class that does not exist here may be part of the name of a task.
            List<TaskDeclaration> named = byName.get(message.className() + "." + message.method());
            if (named != null) {
                return new Found(named);
            }
            return unknownClass(className);
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

    /// Binds the parameters of a message to one of the tasks that it may call: [Call] or [Refused]. Runs code of
    /// the application.
    Resolved bind(TaskMessage message, Found found) {
        int count = ParameterBinder.count(message.param());
        @Nullable String refusal = null;
        for (TaskDeclaration task : found.tasks()) {
            MessageParameters parameters;
            try {
                parameters = methods.computeIfAbsent(task, known -> MessageParameters.of(method(known)));
            } catch (IllegalStateException e) {
                return new Refused(DeadReason.UNKNOWN_METHOD, String.valueOf(e.getMessage()));
            }
            if (found.tasks().size() > 1 && parameters.count() != count) {
                continue;
            }
            try {
                @Nullable Object[] arguments = ParameterBinder.bind(message.param(), parameters);
                return new Call(task, parameters.method(), arguments, parameters.contextAt());
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
        } catch (InaccessibleObjectException e) {
            throw new IllegalStateException("the method of the task " + task.name() + " cannot be called: " + e, e);
        }
        throw new IllegalStateException("the class " + task.className() + " has no method " + task.methodName()
                + task.descriptor() + " any more; the application was changed while it ran");
    }
}
