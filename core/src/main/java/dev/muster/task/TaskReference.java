package dev.muster.task;

import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a reference stands for.
///
/// @param name of the task
/// @param queue of the task, empty for the default
/// @param parameters how many parameters the method has, a [TaskContext] included
/// @param contextAt the place of that among them, -1 if it takes none
record TaskReference(String name, String queue, int parameters, int contextAt) {
    private static final Map<Class<?>, TaskReference> KNOWN = new ConcurrentHashMap<>();

    /// @param type the class that was named beside an instance method, null for a static one
    /// @throws IllegalArgumentException if it is not a reference to a task
    static TaskReference of(TaskMethod reference, @Nullable Class<?> type) {
        // Each place in the code that writes a method reference has one class.
        return KNOWN.computeIfAbsent(reference.getClass(), _ -> read(reference, type));
    }

    /// The values for the message: without the one in the place of the context, which each run makes anew.
    ///
    /// @throws IllegalArgumentException if that is not null
    @Nullable
    Object[] ofMessage(@Nullable Object[] values) {
        if (contextAt < 0 || values.length < parameters) {
            return values;
        }
        if (values[contextAt] != null) {
            throw new IllegalArgumentException("the TaskContext of the task " + name
                    + " is made where it runs; enqueue it with null in its place");
        }
        @Nullable Object[] rest = new Object[values.length - 1];
        System.arraycopy(values, 0, rest, 0, contextAt);
        System.arraycopy(values, contextAt + 1, rest, contextAt, rest.length - contextAt);
        return rest;
    }

    private static TaskReference read(TaskMethod reference, @Nullable Class<?> type) {
        SerializedLambda lambda = unfold(reference);
        if (lambda.getCapturedArgCount() > 0 || lambda.getImplMethodName().startsWith("lambda$")) {
            throw new IllegalArgumentException("a task is enqueued by a reference to its method, like Reports::daily;"
                    + " a lambda or a method of an object at hand cannot be run by another process");
        }
        ClassLoader loader = reference.getClass().getClassLoader();
        String className = lambda.getImplClass().replace('/', '.');
        try {
            Class<?> declaring = type != null ? type : Class.forName(className, false, loader);
            for (Class<?> c = declaring; c != null; c = c.getSuperclass()) {
                for (Method method : c.getDeclaredMethods()) {
                    Task task = method.getAnnotation(Task.class);
                    if (task != null
                            && method.getName().equals(lambda.getImplMethodName())
                            && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                    .descriptorString()
                                    .equals(lambda.getImplMethodSignature())) {
                        String name = task.name().isEmpty() ? c.getName() + "." + method.getName() : task.name();
                        return new TaskReference(
                                name,
                                task.queue(),
                                method.getParameterCount(),
                                MessageParameters.of(method).contextAt());
                    }
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("the class " + className + " of a task cannot be found", e);
        }
        throw new IllegalArgumentException("the method " + className + "." + lambda.getImplMethodName()
                + " is not a task; annotate it with @Task");
    }

    private static SerializedLambda unfold(TaskMethod reference) {
        try {
            Method writeReplace = reference.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            if (writeReplace.invoke(reference) instanceof SerializedLambda lambda) {
                return lambda;
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "a task is enqueued by a method reference like Reports::daily, not by an object of the class "
                            + reference.getClass().getName(),
                    e);
        }
        throw new IllegalArgumentException("a task is enqueued by a method reference like Reports::daily");
    }
}
