package dev.muster.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// One run of a peer with a server of its own, which nobody has used before.
///
/// **Threads:** one. **Lifetime:** [#close] ends all of it.
final class PeerRun implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /// Often enough for runs of seconds, and next to nothing for the server.
    private static final Duration GLANCE = Duration.ofMillis(5);

    private final Peer peer;
    private final Store store;
    private final int port;
    private final LongSupplier backlog;
    private final Path directory;
    private final Map<String, String> environment;
    private final List<ServerProcess> workers = new ArrayList<>();

    PeerRun(Peer peer) {
        this.peer = peer;
        this.directory = Application.emptyPlace("peer-" + peer.name());
        this.store = Store.open(peer.store());
        switch (store) {
            case RedisServer redis -> {
                port = redis.port();
                List<String> lists = List.of(peer.backlog().split(" ", -1));
                backlog = () -> redis.length(lists);
            }
            case PostgresServer postgres -> {
                port = postgres.port();
                backlog = () -> postgres.count(peer.backlog());
            }
            default -> throw new IllegalArgumentException("no peer uses " + store.kind());
        }
        this.environment = Peer.environment(port);
    }

    /// Fills the queue, starts the workers, and waits until nothing is left.
    Drained drain() {
        program("fill", peer.tasks());
        if (backlog.getAsLong() != peer.tasks()) {
            throw new IllegalStateException(
                    peer.name() + " has put " + backlog.getAsLong() + " tasks on its queue, not " + peer.tasks());
        }
        work();
        awaitBacklog(peer.tasks() - 1);
        long start = System.nanoTime();
        long storeBefore = store.cpuMillis();
        long workersBefore = cpuMillis();
        awaitBacklog(0);
        long end = System.nanoTime();
        return new Drained(peer.tasks(), end - start, 0, cpuMillis() - workersBefore, store.cpuMillis() - storeBefore);
    }

    /// Sends tasks one at a time.
    ///
    /// @return from sending to start, without the first tenth
    Samples pace(int tasks) {
        if (peer.pace() == Peer.Pace.WORKER) {
            work();
        }
        program("pace", tasks);
        Path file = directory.resolve("latency");
        await(
                "times of " + tasks + " tasks of " + peer.name(),
                () -> lines(file).size() >= tasks);
        Samples samples = new Samples();
        lines(file).stream().skip(tasks / 10).mapToLong(Long::parseLong).forEach(samples::add);
        return samples;
    }

    private void program(String verb, int count) {
        ServerProcess.run(directory, Peer.command(peer.program(), port, verb, Integer.toString(count)), environment);
    }

    private void work() {
        for (int i = 0; i < peer.workers(); i++) {
            boolean _ = workers.add(ServerProcess.start(directory, Peer.command(peer.work(), port), environment));
        }
    }

    private long cpuMillis() {
        return workers.stream().mapToLong(ServerProcess::cpuMillis).sum();
    }

    private void awaitBacklog(long most) {
        await(peer.name() + " to have " + most + " tasks left", () -> backlog.getAsLong() <= most);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        workers.forEach(ServerProcess::close);
        store.close();
    }
}
