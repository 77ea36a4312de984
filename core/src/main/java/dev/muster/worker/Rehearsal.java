package dev.muster.worker;

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
/// and what the real store is asked for concerns a queue and a worker that do not exist.
final class Rehearsal {
    static final String QUEUE = "~rehearsal";
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
        Consumer consumer = new Consumer(store, QUEUE, "rehearsal", 1, runner, new NoMarks(), () -> {});
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
        DeadWorker nobody =
                new DeadWorker("rehearsal-of-nobody", QUEUE, Verdict.CRASH, "", List.of(), true, "a rehearsal", "");
        Broker.ReclaimReport _ = LostClaims.reclaim(store, nobody, policy);
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
