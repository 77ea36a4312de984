package dev.muster.message;

import dev.muster.Role;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/// The connections of this process to others, made when first needed.
///
/// **Threads:** any.
final class Routes {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SLOTS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private record Known(List<Integer> slots, long until) {}

    private final PostLoop loop;
    private final Addresses addresses;
    private final IntSupplier self;
    private final long outputLimit;
    private final Map<Integer, Outgoing> routes = new ConcurrentHashMap<>();
    /// Those that lead to a predecessor in their slot, and may yet bring answers.
    private final Set<Outgoing> forgotten = ConcurrentHashMap.newKeySet();
    private final Map<Role, Known> slots = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Object connecting = new Object();

    Routes(PostLoop loop, Addresses addresses, IntSupplier self, long outputLimit) {
        this.loop = loop;
        this.addresses = addresses;
        this.self = self;
        this.outputLimit = outputLimit;
    }

    /// The connection to the process in a slot.
    Outgoing to(int slot) throws UnreachableException {
        Outgoing known = routes.get(slot);
        if (known != null && known.open()) {
            return known;
        }
        synchronized (connecting) {
            known = routes.get(slot);
            if (known != null && known.open()) {
                return known;
            }
            Outgoing fresh =
                    new Outgoing(loop, connect(slot), slot, Incoming.FOR_MESSAGES, self.getAsInt(), outputLimit);
            Outgoing _ = routes.put(slot, fresh);
            fresh.watch();
            return fresh;
        }
    }

    /// The process there is about to end: the next message goes a new way. If it has accepted something it
    /// still answers on the old one, which its end closes.
    void forget(int slot) {
        Outgoing old = routes.get(slot);
        if (old == null) {
            return;
        }
        boolean _ = forgotten.removeIf(route -> !route.open());
        // In this order: look() finds it in the one or in the other.
        boolean _ = forgotten.add(old);
        boolean _ = routes.remove(slot, old);
        if (old.idle()) {
            old.close();
        }
    }

    /// A connection of its own to the process in a slot; reads and writes do not block.
    SocketChannel connect(int slot) throws UnreachableException {
        Path path = addresses.find(slot);
        if (path == null) {
            throw new UnreachableException(true, "no process has taken messages there");
        }
        try {
            return Door.connect(path);
        } catch (IOException e) {
            throw new UnreachableException(false, "no process takes messages there now (" + e.getMessage() + ")");
        }
    }

    /// The slots of a role in which processes may take messages, in order.
    List<Integer> slots(Role role) {
        Known known = slots.get(role);
        long now = System.nanoTime();
        if (known == null || known.until - now <= 0) {
            known = new Known(addresses.slots(role), now + SLOTS_NANOS);
            Known _ = slots.put(role, known);
        }
        return known.slots;
    }

    /// Sees to it that tasks that nobody accepts are given up in time.
    void attend() {
        if (!looking.getAndSet(true)) {
            loop.later(LOOK_NANOS, this::look);
        }
    }

    private void look() {
        looking.set(false);
        long now = System.nanoTime();
        boolean more = attend(routes.values(), now);
        if (attend(forgotten, now) || more) {
            attend();
        }
    }

    /// @return whether an answer is missing on any of them
    private static boolean attend(Collection<Outgoing> some, long now) {
        boolean more = false;
        for (Outgoing route : some) {
            if (!route.idle()) {
                route.attend(now);
                more = true;
            }
        }
        return more;
    }

    void close() {
        routes.values().forEach(Connection::close);
        forgotten.forEach(Connection::close);
    }
}
