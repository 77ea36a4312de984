package dev.muster.system.apps;

import dev.muster.ExitReason;
import dev.muster.Muster;
import dev.muster.OnError;
import dev.muster.Pool;
import dev.muster.ProcessContext;
import dev.muster.RestartPolicy;
import dev.muster.Server;
import dev.muster.UserProcess;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import dev.muster.task.RetryException;
import dev.muster.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An application whose every slot a test can look into, because it shares its JVM.
public final class OneJvm {
    /// What happened, in order.
    public static final ConcurrentLinkedQueue<String> EVENTS = new ConcurrentLinkedQueue<>();
    /// Opened by a test when [#hang(String)] and [Hanging] may go on although they ignore interrupts.
    public static volatile CountDownLatch release = new CountDownLatch(1);

    /// Whether the next run of [Hanging] hangs.
    public static final AtomicBoolean HANGS = new AtomicBoolean();

    private OneJvm() {}

    public static void main(String[] args) {
        Muster.run(OneJvm.class, args);
    }

    /// So often it happened.
    public static long count(String event) {
        return EVENTS.stream().filter(event::equals).count();
    }

    /// Waits for the release and is deaf to interrupts.
    static void deaf() {
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                EVENTS.add("interrupted");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Task(name = "note")
    public static void note(String text) {
        EVENTS.add(text);
    }

    @Task(name = "again", attempts = 3)
    public static void again(String text) {
        EVENTS.add(text);
        if (count(text) < 2) {
            throw new RetryException("once more");
        }
    }

    @Task(name = "hang", timeout = 200)
    public static void hang(String text) {
        EVENTS.add(text);
        deaf();
    }

    /// As if the memory were exhausted: that of the test must not be.
    @Task(name = "oom")
    public static void oom(String text) {
        EVENTS.add(text);
        throw new OutOfMemoryError("as if");
    }

    @Task(name = "exit")
    public static void exit(int code) {
        System.exit(code);
    }

    @Task(name = "sleep", timeout = 200, attempts = 1)
    public static void sleep(String text) throws InterruptedException {
        EVENTS.add(text);
        release.await();
    }

    @Task(name = "soft", timeout = 60_000, softTimeout = 100)
    public static void soft(String text) throws InterruptedException {
        EVENTS.add(text);
        release.await();
    }

    /// Counts its runs.
    @UserProcess(interval = 20, virtualThreads = false)
    public static class Ticker {
        private int runs;

        public void run(Server server, ProcessContext process) {
            process.onSignal("TERM", () -> EVENTS.add("ticker told"));
            process.title("no effect");
            runs++;
            EVENTS.add("tick");
            EVENTS.add("tick " + runs + " of slot " + server.workerId());
        }
    }

    /// Fails in every run and is begun anew each time.
    @UserProcess(interval = 1, onError = OnError.RESTART)
    public static class Storm {
        public void run() {
            EVENTS.add("storm");
            throw new IllegalStateException("storm");
        }
    }

    /// Leaves after its first run, for good.
    @UserProcess(restart = RestartPolicy.ON_FAILURE)
    public static class Leaver {
        public void run(ProcessContext process) {
            EVENTS.add("leaving");
            process.exit(0);
        }
    }

    /// Hangs in one run, if a test says so.
    @UserProcess(interval = 10, runTimeout = 200)
    public static class Hanging {
        public void run() {
            if (HANGS.getAndSet(false)) {
                EVENTS.add("hanging");
                deaf();
            }
            EVENTS.add("run of hanging");
        }
    }

    /// Takes its tasks itself.
    @Pool(name = "hooked", queue = "hooked", heartbeat = 20_000)
    public static class Hooked extends WorkerPool {
        @Override
        protected void start(WorkerContext worker) {
            EVENTS.add("hooked starts");
        }

        @Override
        protected void hook(WorkerContext worker) throws Exception {
            while (!worker.stopping()) {
                worker.take(Duration.ofSeconds(1)).ifPresent(task -> {
                    EVENTS.add("hooked took");
                    task.done();
                });
            }
        }

        @Override
        protected void exiting(ExitReason reason, @Nullable String task) {
            EVENTS.add("hooked exits " + reason);
        }
    }

    /// The threads of platform kind that are not of the JVM itself or of a test.
    public static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("muster-")
                        || List.of("Ticker", "Storm", "Leaver", "Hanging", "task", "hooked")
                                .contains(name))
                .toList();
    }
}
