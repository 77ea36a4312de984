package dev.muster.benchmarks;

import dev.muster.task.Broker.NewTask;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Muster beside other systems that run tasks, on the same servers in the same run: no-op tasks, filled first, then
/// drained, in turns; and for each peer that can, one task at a time on an idle system.
///
/// A peer is timed from the moment when its backlog gets smaller until nothing is left of it; Muster from the start of
/// its first task until the store says that all are done. The processor time is that of all workers and that of the
/// server meanwhile. A peer that cannot be run is told and left out.
///
/// Options: `store` (`redis`, `redis-aof`, where only Muster's server has the file, or `postgres`), `names` (of peers,
/// parted by commas, `all`), `repeats`, `tasks` (of Muster), `pace` (tasks that are sent one at a time, 0 for none).
public final class Peers {
    private static final String MUSTER = "muster";
    private static final int BATCH = 500;

    private final Options options;
    private final Report report;
    private final Map<String, Rates> rates = new LinkedHashMap<>();
    private final Map<String, String> lines = new LinkedHashMap<>();
    private String durability = "";

    private Peers(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) {
        Options options = new Options(
                args, Map.of("store", "redis", "names", "all", "repeats", 3, "tasks", 500_000, "pace", 500));
        String store = options.word("store");
        Path work = Application.place("peers-" + store);
        try (Report report = new Report("peers-" + store, options, work)) {
            new Peers(options, report).run(store);
        }
    }

    private void run(String store) {
        String kind = store.equals("postgres") ? "postgres" : "redis";
        List<Peer> peers = Peer.ALL.stream()
                .filter(peer -> peer.store().equals(kind))
                .filter(peer -> options.word("names").equals("all")
                        || options.words("names").contains(peer.name()))
                .toList();
        for (int i = 0; i < options.number("repeats"); i++) {
            report.load();
            add(MUSTER, muster(store));
            for (Peer peer : peers) {
                one(peer);
            }
        }
        say(MUSTER, "Muster, 2 workers | " + durability + ", a task runs again at once");
        peers.forEach(peer -> say(peer.name(), peer.durability()));
        if (options.number("pace") > 0) {
            peers.forEach(this::pace);
        }
    }

    private Drained muster(String word) {
        String name = "peers-muster";
        try (Store store = Store.open(word);
                Application application = new Application(name)) {
            store.configure(application);
            Application _ = application.set("tasks.workers", "2");
            int tasks = options.number("tasks") / BATCH * BATCH;
            try (TaskQueue queue = application.queue()) {
                durability = store.kind() + " " + queue.durability();
                List<NewTask> some = Collections.nCopies(BATCH, TaskQueue.task("noop"));
                for (int i = 0; i < tasks; i += BATCH) {
                    queue.put(some);
                }
                Drained drained = Drained.by(application, Boot.COLD, store, queue, tasks, 2);
                application.stop();
                return drained;
            }
        }
    }

    private void one(Peer peer) {
        try (PeerRun run = new PeerRun(peer)) {
            add(peer.name(), run.drain());
        } catch (RuntimeException e) {
            report.say(peer.name() + " could not be measured: " + e.getMessage());
        }
    }

    private void add(String name, Drained drained) {
        report.raw(name + " " + drained);
        rates.computeIfAbsent(name, _ -> new Rates()).add(drained.tasks(), drained.nanos());
        String _ = lines.merge(
                name,
                String.format(Locale.ROOT, "%.4f + %.4f", drained.workersEach(), drained.storeEach()),
                (before, now) -> before + ", " + now);
    }

    private void say(String name, String about) {
        Rates own = rates.get(name);
        Rates muster = rates.get(MUSTER);
        if (own == null || muster == null) {
            return;
        }
        report.say("peers | " + about + " | " + own + " | CPU ms/task of workers + store: " + lines.get(name)
                + (name.equals(MUSTER)
                        ? ""
                        : String.format(Locale.ROOT, " | Muster: %.2f times that", muster.times(own))));
    }

    private void pace(Peer peer) {
        if (peer.pace() == Peer.Pace.NONE) {
            return;
        }
        try (PeerRun run = new PeerRun(peer)) {
            report.say("latency | " + peer.durability() + " | enqueue to start "
                    + run.pace(options.number("pace")).precise());
        } catch (RuntimeException e) {
            report.say(peer.name() + " could not be measured: " + e.getMessage());
        }
    }
}
