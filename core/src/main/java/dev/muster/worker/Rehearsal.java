package dev.muster.worker;

import dev.muster.config.QueueShares;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.BrokerException;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.StartMarks;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.lang.System.Logger.Level;
import java.util.List;

/// What a spare plays before it is READY: the life of a task, so that its first real one meets code that is loaded and
/// compiled. It takes over some ten milliseconds sooner for it.
///
/// No user code runs, and nothing in the store changes: the tasks that are run come from a [RehearsalStore] in memory,
/// those of a worker that dies from a store of the real kind that is as much in memory, and what the real one is asked
/// for concerns a queue and a worker that do not exist.
final class Rehearsal {
    static final String QUEUE = "~rehearsal";
    private static final String NOBODY = "rehearsal-of-nobody";
    private static final int TASKS = 400;
    private static final int CALLS = 20;
    private static final long LIMIT = 60_000;

    private Rehearsal() {}

    /// Called by the task that is played.
    static void play(String text, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(text);
        }
    }

    /// Plays against the store, as this worker.
    static void of(Broker store, String owner, CrashPolicy policy) throws InterruptedException {
        runTasks();
        try {
            for (int i = 0; i < CALLS; i++) {
                askFor(store, owner, policy);
            }
            inherit(store, policy);
        } catch (BrokerException e) {
            System.getLogger("dev.muster.worker")
                    .log(Level.DEBUG, "the store does not answer; this spare takes over all the same", e);
        }
    }

    private static void runTasks() throws InterruptedException {
        TaskDeclaration declaration = new TaskDeclaration(
                "play", Rehearsal.class.getName(), "play", "(Ljava/lang/String;J)V", true, "", LIMIT, 1, "RETRY");
        TaskCatalog catalog =
                new TaskCatalog(List.of(declaration), OnCrash.RETRY, 1 << 20, Rehearsal.class.getClassLoader());
        TaskRunner runner = new TaskRunner(catalog, Instances.constructor(), LIMIT);
        RehearsalStore store = new RehearsalStore(TASKS);
        Consumer consumer =
                new Consumer(store, QueueShares.only(QUEUE), "rehearsal", 1, runner, new NoMarks(), () -> {});
        Thread loop = Thread.ofPlatform().name("~rehearsal").daemon().start(consumer::run);
        store.awaitEnd();
        consumer.stop();
        loop.join();
    }

    private static void askFor(Broker store, String owner, CrashPolicy policy) {
        List<Claim> none = store.claim(QUEUE, owner, 1);
        Claim gone = new Claim("~rehearsal", 0, QUEUE, "{}", 0, 0, false);
        List<Outcome> _ = store.settle(List.of(new Outcome.Done(gone)));
        store.giveBack(none);
        Broker.ReclaimReport _ = LostClaims.reclaim(store, dead(List.of()), policy);
    }

    /// Gives back the tasks of a worker that died while it ran them.
    private static void inherit(Broker store, CrashPolicy policy) {
        try (Broker stage = store.rehearsal()) {
            if (stage == null) {
                return;
            }
            for (int i = 0; i < CALLS; i++) {
                List<String> started = stage.enqueue(List.of(Broker.NewTask.of(QUEUE, "{\"task\":\"~rehearsal\"}")));
                List<Claim> _ = stage.claim(QUEUE, NOBODY, 1);
                Broker.ReclaimReport _ = LostClaims.reclaim(stage, dead(started), policy);
                List<Claim> again = stage.claim(QUEUE, NOBODY, 1);
                List<Outcome> _ = stage.settle(
                        again.stream().<Outcome>map(Outcome.Done::new).toList());
            }
        }
    }

    private static DeadWorker dead(List<String> started) {
        return new DeadWorker(NOBODY, QUEUE, Verdict.CRASH, "", started, true, "a rehearsal", "");
    }

    private static final class NoMarks implements StartMarks {
        @Override
        public int started(String id, String label, long limitMillis) {
            return 0;
        }

        @Override
        public void finished(int mark, boolean failed) {}

        @Override
        public void settled(int mark) {}
    }
}
