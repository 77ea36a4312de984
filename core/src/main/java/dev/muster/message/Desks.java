package dev.muster.message;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The connections of this process to web workers, for calls about their connections; made when first needed.
///
/// **Threads:** any. **Failure:** the socket of a dead process refuses. It is removed by whoever notices: there will
/// never be another process of that life.
final class Desks {
    private final PostLoop loop;
    private final Addresses addresses;
    private final IntSupplier self;
    private final long outputLimit;
    private final Map<Integer, Outgoing> routes = new ConcurrentHashMap<>();
    private final Object connecting = new Object();

    Desks(PostLoop loop, Addresses addresses, IntSupplier self, long outputLimit) {
        this.loop = loop;
        this.addresses = addresses;
        this.self = self;
        this.outputLimit = outputLimit;
    }

    /// The slot of this process.
    int self() {
        return self.getAsInt();
    }

    /// Where an answer is awaited.
    <T> CompletableFuture<T> expected() {
        return new Expected<>(loop);
    }

    /// Whether the calling thread is the one on which answers come.
    boolean here() {
        return loop.here();
    }

    /// The processes that may have connections, dead ones perhaps among them.
    ///
    /// @throws MessageException if that cannot be found out
    List<Integer> lives() {
        // A life ends once: nobody asks for one again, and what was connected to it would stay.
        boolean _ = routes.values().removeIf(route -> !route.open());
        try {
            return addresses.desks();
        } catch (IOException e) {
            throw new MessageException(
                    Reason.NOBODY, false, "cannot find the web workers: their sockets cannot be listed (" + e + ")");
        }
    }

    /// The connection to a process.
    ///
    /// @return null if there is no such process, for good
    /// @throws UnreachableException if it cannot be connected to at this moment
    @Nullable
    Outgoing to(int life) throws UnreachableException {
        Outgoing known = routes.get(life);
        if (known != null && known.open()) {
            return known;
        }
        synchronized (connecting) {
            known = routes.get(life);
            if (known != null && known.open()) {
                return known;
            }
            SocketChannel channel = connect(addresses.desk(life));
            if (channel == null) {
                Outgoing _ = routes.remove(life);
                return null;
            }
            Outgoing fresh = new Outgoing(loop, channel, life, Incoming.FOR_CONNECTIONS, self(), outputLimit);
            Outgoing _ = routes.put(life, fresh);
            fresh.watch();
            return fresh;
        }
    }

    private static @Nullable SocketChannel connect(Path path) throws UnreachableException {
        if (!there(path)) {
            return null;
        }
        try {
            return Door.connect(path);
        } catch (ConnectException _) {
            remove(path);
            return null;
        } catch (IOException e) {
            if (there(path)) {
                throw new UnreachableException(false, "its socket cannot be connected to (" + e.getMessage() + ")");
            }
            return null;
        }
    }

    private static boolean there(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void remove(Path path) {
        try {
            boolean _ = Files.deleteIfExists(path);
        } catch (IOException _) {
            // The next one who finds it, or the master at its end, removes it.
        }
    }

    /// Removes the sockets of dead processes. Otherwise those that nobody asks for any more would stay.
    void sweep() {
        for (int life : lives()) {
            Path path = addresses.desk(life);
            try (SocketChannel _ = Door.connect(path)) {
                // Somebody is there.
            } catch (ConnectException _) {
                remove(path);
            } catch (IOException _) {
                // Gone by now, or not to be known.
            }
        }
    }

    void close() {
        routes.values().forEach(Connection::close);
    }
}
