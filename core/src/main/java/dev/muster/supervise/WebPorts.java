package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.Fd;
import dev.muster.os.ListenException;
import dev.muster.os.NativeException;
import dev.muster.os.Natives;
import dev.muster.os.TcpSocket;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// The listening sockets of the web workers. The master opens them and keeps them, each worker is handed a copy: so
/// what waits to be accepted outlives every worker, and a port is free only when the master gives it up.
///
/// Without native calls no descriptor can be handed over: then the workers listen for themselves, and none of this is
/// done.
///
/// **Threads:** belongs to the master's loop. **Lifetime:** a socket is open from before the first process that is to
/// have it until none has it and no slot would be filled with one; it refuses connections while nobody accepts them
/// and no slot is to be filled with somebody who would. **Failure:** a port that cannot be had changes nothing that is
/// open.
final class WebPorts implements AutoCloseable {
    /// The kernel has a limit of its own, `net.core.somaxconn`.
    private static final int BACKLOG = 1_024;

    private static final String KEY = "server.port";

    private record Address(String host, int port) {
        static Address of(Declaration.Web web) {
            return new Address(web.host(), web.port());
        }

        @Override
        public String toString() {
            return host + " port " + port;
        }
    }

    private final BiConsumer<String, String> log;
    private final Map<Address, Integer> open = new HashMap<>();
    /// Those of them that processes were handed, so that they may be accepted from.
    private final Set<Address> handed = new HashSet<>();
    /// Those of them that were handed out, and that nobody accepts from any more.
    private final Set<Address> resting = new HashSet<>();
    private boolean warned;

    /// @param log takes a level and a line
    WebPorts(BiConsumer<String, String> log) {
        this.log = log;
    }

    /// Opens what a map declares, at the start of the application. May block for a moment.
    ///
    /// @throws StartException if it cannot be had
    void open(ProcessMap map) {
        try {
            listen(missing(map)).forEach(this::opened);
        } catch (ListenException e) {
            throw new StartException(exitCode(e.reason()), String.valueOf(e.getMessage()));
        }
    }

    private static ExitCode exitCode(ListenException.Reason reason) {
        return switch (reason) {
            case TAKEN, REFUSED -> ExitCode.SYSTEM_RESOURCE;
            case NOT_PERMITTED -> ExitCode.PERMISSION;
            case NO_SUCH_ADDRESS -> ExitCode.CONFIGURATION;
        };
    }

    /// Opens what a map declares beside what is open, for a reload: a thread of its own does what may block.
    ///
    /// @param done told on the loop, with the reason why it cannot be had, or an empty text
    void open(ProcessMap map, MasterLoop loop, Consumer<String> done) {
        Set<Address> missing = missing(map);
        if (missing.isEmpty()) {
            done.accept("");
            return;
        }
        try {
            Thread.ofPlatform().name("listen").daemon().start(() -> {
                try {
                    Map<Address, Integer> sockets = listen(missing);
                    loop.execute(() -> {
                        sockets.forEach(this::opened);
                        done.accept("");
                    });
                } catch (RuntimeException e) {
                    loop.execute(() -> done.accept(String.valueOf(e.getMessage())));
                }
            });
        } catch (OutOfMemoryError e) {
            done.accept("no thread to open the port: " + e.getMessage());
        }
    }

    private Set<Address> missing(ProcessMap map) {
        Set<Address> missing = declared(map.processes());
        missing.removeAll(open.keySet());
        if (!missing.isEmpty() && !Natives.available()) {
            if (!warned) {
                log.accept(
                        "WARN",
                        "without native calls each web worker listens for itself, by SO_REUSEPORT: connections that"
                                + " wait at a worker that ends are reset; see docs/operate/degraded.md");
            }
            warned = true;
            return Set.of();
        }
        return missing;
    }

    private static Map<Address, Integer> listen(Set<Address> addresses) {
        Map<Address, Integer> sockets = new HashMap<>();
        try (Closer undo = new Closer()) {
            for (Address address : addresses) {
                int socket = TcpSocket.listen(address.host(), address.port(), KEY, BACKLOG);
                sockets.put(address, undo.keep(socket, Fd::close));
            }
            undo.release();
        }
        return sockets;
    }

    private void opened(Address address, int socket) {
        open.put(address, socket);
        log.accept("INFO", "listening on " + address + " for the web workers");
    }

    /// Whether processes are handed their sockets, instead of listening for themselves.
    boolean handsOver() {
        return Natives.available();
    }

    /// The descriptor of a socket for a process that is to accept from it, -1 if it is not open.
    int of(Declaration.Web web) {
        Address address = Address.of(web);
        int socket = open.getOrDefault(address, -1);
        if (resting.remove(address)) {
            try {
                TcpSocket.resume(socket, BACKLOG);
            } catch (NativeException e) {
                log.accept("ERROR", "cannot listen on " + address + " again: " + e.getMessage());
                resting.add(address);
                return -1;
            }
        }
        if (socket >= 0) {
            handed.add(address);
        }
        return socket;
    }

    /// Looks at the state that a turn of the loop has led to, and closes what no process has any more and no slot
    /// would be filled with.
    void turned(SupervisorState state, Roster roster, Workers workers, Generations generations) {
        if (open.isEmpty()) {
            return;
        }
        rest(state, roster, workers, generations);
        Set<Address> needed = new HashSet<>();
        for (Generation generation : generations.wanted(state)) {
            needed.addAll(declared(generation.map().processes()));
        }
        if (needed.containsAll(open.keySet())) {
            return;
        }
        List<Declaration> running = new ArrayList<>();
        for (WorkerHandle worker : workers.all()) {
            running.add(worker.place().declaration());
        }
        for (Slot slot : state.slots()) {
            if (!slot.stopped()) {
                Generation generation = generations.get(slot.generation());
                running.add(roster.place(slot.number()).of(generation).declaration());
            }
        }
        needed.addAll(declared(running));
        Set<Address> idle = new HashSet<>(open.keySet());
        idle.removeAll(needed);
        idle.forEach(this::close);
    }

    /// The workers of an address have made room for those of another, or are not to be replaced: connections there
    /// would wait for nobody. It is not closed yet: a reload may still be undone, and the group be scaled up again.
    private void rest(SupervisorState state, Roster roster, Workers workers, Generations generations) {
        List<Declaration> serving = new ArrayList<>();
        for (Slot slot : state.slots()) {
            Roster.Place place = roster.place(slot.number());
            if (slot.spec().spare()) {
                continue;
            }
            if (!slot.stopped()) {
                serving.add(place.of(generations.get(slot.generation())).declaration());
            }
            for (Life life : slot.lives()) {
                if (life.hopeful()) {
                    serving.add(place.of(generations.get(life.generation())).declaration());
                }
            }
        }
        for (WorkerHandle worker : workers.all()) {
            if (worker.board().accepts()) {
                serving.add(worker.place().declaration());
            }
        }
        Set<Address> deserted = new HashSet<>(handed);
        deserted.removeAll(declared(serving));
        for (Address address : deserted) {
            Integer socket = open.get(address);
            if (socket != null) {
                TcpSocket.rest(socket);
                handed.remove(address);
                resting.add(address);
                log.accept("INFO", "nobody accepts on " + address + " any more: connections are refused there");
            }
        }
    }

    private static Set<Address> declared(List<Declaration> declarations) {
        Set<Address> addresses = new HashSet<>();
        for (Declaration declaration : declarations) {
            if (declaration instanceof Declaration.Web web) {
                addresses.add(Address.of(web));
            }
        }
        return addresses;
    }

    private void close(Address address) {
        Integer socket = open.remove(address);
        handed.remove(address);
        resting.remove(address);
        if (socket != null) {
            Fd.close(socket);
            log.accept("INFO", "listening on " + address + " no more");
        }
    }

    @Override
    public void close() {
        open.values().forEach(Fd::close);
        open.clear();
    }
}
