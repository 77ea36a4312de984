package dev.muster.system.ledger;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.ledger.Judge.Kept;
import dev.muster.system.ledger.Judge.Verdict;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.BrokerException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tasks of one run of a fault: what was accepted and what must come of it, the ledger that the tasks write, and
/// what the store says.
final class Books {
    private static final int BATCH = 50;
    private static final Duration LONGEST = Duration.ofSeconds(Size.CAMPAIGN ? 1_800 : 100);

    private final TaskQueue queue;
    private final Path ledger;
    private final QueueCounts before;
    private final long opened = System.nanoTime();
    private final Map<String, String> accepted = new LinkedHashMap<>();
    private final List<String> messages = new ArrayList<>();
    private final List<String> fates = new ArrayList<>();

    /// Opens new ones on a queue that is at rest.
    ///
    /// @param ledger a file that does not exist yet
    Books(TaskQueue queue, Path ledger) {
        this.queue = queue;
        this.ledger = ledger.toAbsolutePath();
        this.before = queue.counts();
    }

    /// Notes so many good tasks for [#enqueue()]: half of them leave a result.
    void good(int tasks) {
        for (int i = 0; i < tasks; i++) {
            task(i % 2 == 0 ? "post" : "receipt", "", Judge.DONE);
        }
    }

    /// Notes a task for [#enqueue()].
    ///
    /// @param parameters JSON, each after a comma, behind the name of the ledger
    /// @param fate DONE, or why it must end as a dead letter
    void task(String name, String parameters, String fate) {
        messages.add("{\"task\":\"" + name + "\",\"param\":[\"" + ledger + "\"" + parameters + "]}");
        fates.add(fate);
    }

    /// Has accepted what was noted since the last time.
    void enqueue() {
        for (int from = 0; from < messages.size(); from += BATCH) {
            List<String> part = messages.subList(from, Math.min(from + BATCH, messages.size()));
            List<String> ids = queue.enqueue(part.toArray(String[]::new));
            for (int i = 0; i < ids.size(); i++) {
                accepted.put(ids.get(i), fates.get(from + i));
            }
        }
        messages.clear();
        fates.clear();
    }

    /// Has large tasks accepted until the store refuses one.
    void enqueueUntilRefused() {
        String ballast = ",\"ballast\":\"" + "x".repeat(8_000) + "\"}";
        while (true) {
            try {
                String message = "{\"task\":\"post\",\"param\":[\"" + ledger + "\"]" + ballast;
                accepted.put(queue.enqueue(message).getFirst(), Judge.DONE);
            } catch (BrokerException _) {
                return;
            }
        }
    }

    /// How many wait for [#enqueue()].
    int noted() {
        return messages.size();
    }

    int size() {
        return accepted.size();
    }

    /// Those that are accepted and are not done or dead yet.
    List<TaskView> unfinished() {
        return accepted.keySet().stream()
                .flatMap(id -> queue.find(id).stream())
                .filter(view -> !view.state().equals("DONE") && !view.state().equals("DEAD"))
                .toList();
    }

    /// The living process that has started the latest task.
    long lastStarter() {
        return Patience.await("a process that works")
                .until(
                        () -> entries().reversed().stream()
                                .filter(entry -> !gone(entry))
                                .mapToLong(Ledger.Entry::pid)
                                .findFirst()
                                .orElse(0),
                        pid -> pid != 0);
    }

    private List<Ledger.Entry> entries() {
        return Ledger.read(ledger.getParent(), ledger.getFileName().toString());
    }

    /// Whether the process that has written this is dead. In the time of a campaign a pid may have come to another
    /// process, which began later.
    private static boolean gone(Ledger.Entry entry) {
        Instant written = Instant.now().minusNanos(System.nanoTime() - entry.nanos());
        return ProcessHandle.of(entry.pid())
                .flatMap(process -> process.info().startInstant())
                .filter(started -> started.isBefore(written))
                .isEmpty();
    }

    /// Waits until so many have come to an end.
    void awaitProgress(long ended) {
        Patience.await(ended + " of " + size())
                .ignoreException(BrokerException.class)
                .until(() -> ended(queue.counts()) >= ended);
    }

    private long ended(QueueCounts now) {
        return now.done() + now.dead() - before.done() - before.dead();
    }

    /// Waits until each has come to an end.
    void awaitEnd() {
        Patience.await("the end of all " + size())
                .atMost(LONGEST)
                .ignoreException(BrokerException.class)
                .untilAsserted(() -> {
                    QueueCounts now = queue.counts();
                    long rest = now.ready() + now.scheduled() + now.running();
                    if (ended(now) != size() || now.accepted() - before.accepted() != size() || rest != 0) {
                        throw new AssertionError("the queue has " + now + ", before it had " + before);
                    }
                });
    }

    /// The time since they were opened.
    double seconds() {
        return (System.nanoTime() - opened) / 1e9;
    }

    /// Compares the ledger with the store.
    ///
    /// @param frozen processes that were frozen past their leases, with the number of claims that each had
    Verdict verdict(Map<Long, Integer> frozen) {
        Map<String, Kept> store = new HashMap<>();
        for (String id : accepted.keySet()) {
            queue.find(id).ifPresent(view -> store.put(id, new Kept(view.state(), view.reason(), view.result())));
        }
        List<Ledger.Entry> entries = entries();
        Map<Long, Ledger.Entry> lines = new HashMap<>();
        entries.forEach(entry -> lines.put(entry.pid(), entry));
        lines.values().removeIf(Books::gone);
        return Judge.judge(accepted, entries, store, pid -> !lines.containsKey(pid), frozen);
    }
}
