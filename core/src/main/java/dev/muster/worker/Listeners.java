package dev.muster.worker;

import dev.muster.InstanceFactory;
import dev.muster.PipeMessage;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.ServerTask;
import dev.muster.ServerTaskResult;
import dev.muster.WorkerFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The classes of the server's listeners, and in a process that needs them, one object of each.
///
/// **Threads:** [#objects()] makes the objects on the thread that asks first; who calls them sees to the order.
final class Listeners {
    private final List<Class<? extends ServerListener>> types = new ArrayList<>();
    private final InstanceFactory instances;
    private @Nullable List<ServerListener> objects;

    /// @param names of the classes
    /// @throws ClassNotFoundException if one is not the class path that was scanned
    Listeners(List<String> names, ClassLoader loader, InstanceFactory instances) throws ClassNotFoundException {
        this.instances = instances;
        for (String name : names) {
            types.add(Class.forName(name, false, loader).asSubclass(ServerListener.class));
        }
    }

    boolean hear(String method, Class<?>... arguments) {
        return types.stream().anyMatch(type -> overrides(type, method, arguments));
    }

    /// Whether one of them takes messages.
    boolean takeMessages() {
        return hear("onPipeMessage", PipeMessage.class);
    }

    /// Whether one of them runs tasks.
    boolean takeTasks() {
        return hear("onTask", ServerTask.class);
    }

    /// Whether one of them wants to know of the life of its worker, or of the application: they are made at the
    /// boot.
    boolean watch() {
        return hear("onWorkerStart")
                || hear("onWorkerStop")
                || hear("onStart")
                || hear("onShutdown")
                || hear("onReload")
                || hear("onWorkerError", WorkerFailure.class);
    }

    /// Whether one of them wants to know how tasks end.
    boolean takeResults() {
        return hear("onFinish", ServerTaskResult.class);
    }

    /// @param arguments behind the server
    private static boolean overrides(Class<?> type, String method, Class<?>... arguments) {
        List<Class<?>> all = new ArrayList<>(List.of(arguments));
        all.addFirst(Server.class);
        try {
            return type.getMethod(method, all.toArray(Class<?>[]::new)).getDeclaringClass() != ServerListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a ServerListener without " + method, e);
        }
    }

    /// The objects, made now if they were not made before.
    ///
    /// @throws IllegalStateException if one cannot be made
    synchronized List<ServerListener> objects() {
        List<ServerListener> made = objects;
        if (made == null) {
            made = new ArrayList<>();
            for (Class<? extends ServerListener> type : types) {
                try {
                    made.add(instances.create(type));
                } catch (Exception e) {
                    throw new IllegalStateException("cannot make the listener " + type.getName(), e);
                }
            }
            objects = made;
        }
        return made;
    }

    /// The one that runs tasks, null if there is none.
    @Nullable
    ServerListener tasks() {
        for (ServerListener listener : objects()) {
            if (overrides(listener.getClass(), "onTask", ServerTask.class)) {
                return listener;
            }
        }
        return null;
    }
}
