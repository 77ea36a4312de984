package dev.muster.supervise;

import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Has evidence taken on threads of its own, so that a process that does not answer delays nobody else.
///
/// **Threads:** the methods belong to the master's loop; answers come on the loop again. **Failure:** without a thread
/// for it the answer comes at once, and names no file.
final class EvidenceDesk {
    /// How long a condemned process is waited for; less than the limit of the state STUCK.
    private static final Duration ANSWER = Duration.ofMillis(300);

    /// The same while another process does its work already, and for who asks by command.
    private static final Duration PATIENT = Duration.ofMillis(2_500);

    private final MasterLoop loop;
    private final LogPump pump;
    private final Dumps dumps;
    private final EvidenceTaker taker = new EvidenceTaker();
    private final ExecutorService threads;
    private final Inquest inquest;

    EvidenceDesk(MasterLoop loop, LogPump pump, Dumps dumps, DeathLog deaths) {
        this(
                loop,
                pump,
                dumps,
                deaths,
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("evidence-", 0).daemon().factory()));
    }

    /// @param threads ends with this desk
    EvidenceDesk(MasterLoop loop, LogPump pump, Dumps dumps, DeathLog deaths, ExecutorService threads) {
        this.loop = loop;
        this.pump = pump;
        this.dumps = dumps;
        this.threads = threads;
        this.inquest = new Inquest(loop, pump, dumps, deaths, threads);
    }

    /// See [Inquest#explain(Death, int, int, boolean)].
    Death explain(Death death, WorkerHandle worker, boolean lastWords) {
        return inquest.explain(death, worker.bornIn(), worker.life(), lastWords);
    }

    /// See [Inquest#settled(Runnable)].
    void settled(Runnable then) {
        inquest.settled(then);
    }

    /// The answer to `muster dump`.
    interface DumpAnswer {
        void dumped(String path, boolean answered);
    }

    /// @param then told the path, empty if no evidence could be kept; not on the loop
    void take(WorkerHandle worker, Effect.TakeEvidence order, String working, Consumer<String> then) {
        String why = order.why().text() + (working.isEmpty() ? "" : "\nworking on: " + working);
        EvidenceRequest request = new EvidenceRequest(
                worker.bornIn(),
                order.life(),
                worker.place().name(),
                order.pid(),
                why,
                order.halted(),
                order.spoken(),
                order.patient() ? PATIENT : ANSWER,
                dumps,
                pump,
                asker(worker));
        try {
            threads.execute(() -> {
                Path file = taker.take(request);
                then.accept(file == null ? "" : file.toString());
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // There are no more threads to be had: it ends without evidence.
            then.accept("");
        }
    }

    void dump(WorkerHandle worker, DumpAnswer answer) {
        EvidenceRequest request = new EvidenceRequest(
                worker.bornIn(),
                worker.life(),
                worker.place().name(),
                worker.pid(),
                "asked for by command",
                false,
                worker.connection() != null,
                PATIENT,
                dumps,
                pump,
                asker(worker));
        try {
            threads.execute(() -> {
                EvidenceTaker.Taken taken = taker.dump(request);
                Path file = taken.file();
                loop.execute(() -> answer.dumped(file == null ? "" : file.toString(), taken.answered()));
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            answer.dumped("", false);
        }
    }

    private DumpAsker asker(WorkerHandle worker) {
        return file -> {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            loop.execute(() -> {
                CompletableFuture<Void> _ = worker.askDump(file.toString()).thenAccept(answer::complete);
            });
            return answer;
        };
    }

    void close() {
        threads.shutdownNow();
    }
}
