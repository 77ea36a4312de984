package dev.muster.system.web;

import dev.muster.system.Patience;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Clients that post unique ids one after the other, and remember each that was answered and each that failed. Between
/// two they leave the processor to the workers, which share it with them; `-Dmuster.load.pause=0` for all that goes.
final class Load implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(Long.getLong("muster.load.pause", 5));

    private final int port;
    private final int clients;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("client-", 0).factory());
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean over;

    private Load(int port, int clients) {
        this.port = port;
        this.clients = clients;
    }

    static Load on(int port, int clients) {
        Load load = new Load(port, clients);
        for (int i = 0; i < clients; i++) {
            int number = i;
            load.threads.execute(() -> load.run(number));
        }
        return load;
    }

    private void run(int number) {
        try (KeepAliveClient client = new KeepAliveClient(port)) {
            for (int i = 0; !over; i++) {
                String id = number + "-" + i;
                try {
                    KeepAliveClient.Answer answer = client.post("/note", id);
                    if (answer.status() == 200) {
                        answered.add(id);
                        count.incrementAndGet();
                    } else {
                        failures.add(id + " " + answer);
                    }
                } catch (IOException e) {
                    failures.add(id + " " + e);
                    client.hangUp();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            failures.add("close " + e);
        }
    }

    /// What was not answered with 200 so far.
    List<String> failures() {
        return List.copyOf(failures);
    }

    Set<String> answered() {
        return Set.copyOf(answered);
    }

    /// Waits until each client, on average, has been answered some more times.
    void awaitMore(int each) {
        int before = count.get();
        Patience.await("more answers").until(() -> count.get() >= before + each * clients);
    }

    /// Ends all clients, each after its present request.
    @Override
    public void close() {
        over = true;
        threads.close();
    }
}
