package dev.muster.server;

import dev.muster.NonBlocking;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of the listeners take what.
final class Audience {
    private final List<ServerListener> listeners;

    Audience(List<ServerListener> listeners) {
        this.listeners = listeners;
    }

    /// The one that has the requests, null if none wants them.
    @Nullable
    ServerListener forRequests() {
        for (ServerListener listener : listeners) {
            if (overrides(listener, "onRequest", WebRequest.class, WebResponse.class)) {
                return listener;
            }
        }
        return null;
    }

    /// Those that add routes.
    List<Routes> withRoutes() {
        return listeners.stream()
                .filter(Routes.class::isInstance)
                .map(Routes.class::cast)
                .toList();
    }

    /// Those that are told of WebSockets.
    List<ServerListener> forSockets() {
        return listeners.stream()
                .filter(listener -> overrides(listener, "onOpen", WebRequest.class)
                        || overrides(listener, "onMessage", WebMessage.class)
                        || overrides(listener, "onClose", long.class))
                .toList();
    }

    static boolean nonBlocking(ServerListener listener) {
        return listener.getClass().isAnnotationPresent(NonBlocking.class);
    }

    private static boolean overrides(ServerListener listener, String method, Class<?>... more) {
        Class<?>[] types = new Class<?>[more.length + 1];
        types[0] = Server.class;
        System.arraycopy(more, 0, types, 1, more.length);
        try {
            return listener.getClass().getMethod(method, types).getDeclaringClass() != ServerListener.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a ServerListener without " + method, e);
        }
    }
}
