package dev.muster.worker;

import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.Server;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/// The method of a user process, bound to its instance: zero to two parameters of the types [Server] and
/// [ProcessContext], in any order.
@FunctionalInterface
interface UserMethod {
    /// One run.
    void run(Server server, ProcessContext context) throws Throwable;

    /// Finds the method in the class of the instance.
    ///
    /// @throws IllegalStateException if there is no such method: the class is not the one that was scanned
    static UserMethod of(Object instance, String name) {
        if (instance instanceof ProcessHandler handler && name.equals("handle")) {
            return handler::handle;
        }
        for (Method method : instance.getClass().getMethods()) {
            if (method.getName().equals(name)
                    && !method.isBridge()
                    && !Modifier.isStatic(method.getModifiers())
                    && fits(method.getParameterTypes())) {
                return bind(instance, method);
            }
        }
        throw new IllegalStateException("class " + instance.getClass().getName() + " has no public method '" + name
                + "' with parameters of the types Server and ProcessContext only, although the scan found one;"
                + " check that the instance factory returns an object of the declared class");
    }

    private static boolean fits(Class<?>[] parameters) {
        return switch (parameters.length) {
            case 0 -> true;
            case 1 -> parameters[0] == Server.class || parameters[0] == ProcessContext.class;
            case 2 ->
                (parameters[0] == Server.class && parameters[1] == ProcessContext.class)
                        || (parameters[0] == ProcessContext.class && parameters[1] == Server.class);
            default -> false;
        };
    }

    private static UserMethod bind(Object instance, Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        // The class itself need not be public, only the method.
        method.setAccessible(true);
        MethodHandle handle;
        try {
            handle = MethodHandles.lookup()
                    .unreflect(method)
                    .bindTo(instance)
                    .asType(MethodType.methodType(void.class, parameters));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot reach the method " + method, e);
        }
        // Blocks, not expressions: the compiler takes the type of the call from its form.
        if (parameters.length == 0) {
            return (_, _) -> {
                handle.invokeExact();
            };
        }
        boolean serverFirst = parameters[0] == Server.class;
        if (parameters.length == 1 && serverFirst) {
            return (server, _) -> {
                handle.invokeExact(server);
            };
        }
        if (parameters.length == 1) {
            return (_, context) -> {
                handle.invokeExact(context);
            };
        }
        if (serverFirst) {
            return (server, context) -> {
                handle.invokeExact(server, context);
            };
        }
        return (server, context) -> {
            handle.invokeExact(context, server);
        };
    }
}
