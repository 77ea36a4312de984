package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.Log;
import dev.muster.Muster;
import dev.muster.PoolTask;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;
import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.BrokerProvider;
import dev.muster.task.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The application whose children [ChildJvmTest] starts.
final class ChildFixture {
    private ChildFixture() {}

    public static void main(String[] args) {
        System.exit(WorkerRuntime.run(ChildFixture.class, null));
    }

    static final class Ticker {
        private int ticks;

        public void run(ProcessContext process, Server server) {
            ticks++;
            if (ticks == 1) {
                System.out.println("printed by " + process.name() + " in slot " + server.workerId());
                LoggerFactory.getLogger(Ticker.class)
                        .atInfo()
                        .addKeyValue("ticks", ticks)
                        .log("ticking");
                Log.saveException(new IllegalStateException("kept"), "ticks");
            }
        }
    }

    /// Asks the application about itself, and says in a line what it heard.
    static final class Curious {
        public void run(Server server) {
            System.out.println("slots " + server.stats().slots().size() + " master " + server.masterPid());
            server.stop(0);
            server.shutdown();
        }
    }

    static final class NotMade {
        NotMade() {
            throw new IllegalStateException("no database");
        }

        public void run() {}
    }

    static final class Exits {
        public void run() {
            System.exit(44);
        }
    }

    static final class Halts {
        public void run() {
            Runtime.getRuntime().halt(9);
        }
    }

    static final class ContextExits {
        public void run(ProcessContext process) {
            process.exit(200);
        }
    }

    static final class Fails {
        private final String what = "no table";

        public void run() {
            if (!what.isEmpty()) {
                throw new IllegalStateException(what);
            }
        }
    }

    static final class EatsDirectMemory {
        public void run() {
            List<ByteBuffer> held = new ArrayList<>();
            while (held.size() < 1 << 20) {
                held.add(ByteBuffer.allocateDirect(1 << 20));
            }
            System.out.println("ate " + held.size() + " MiB");
        }
    }

    static final class Listens {
        public void run(ProcessContext process) throws InterruptedException {
            CountDownLatch heard = new CountDownLatch(1);
            process.onSignal("TERM", () -> System.out.println("told of TERM"));
            process.onSignal("CONT", heard::countDown);
            System.out.println("listening");
            heard.await();
            System.out.println("heard CONT");
            boolean whole = process.sleep(Duration.ofHours(1));
            System.out.println("slept the whole time: " + whole + ", stopping: " + process.stopping());
        }
    }

    /// Takes every carrier with virtual threads that compute, until CONT.
    static final class Starves {
        private volatile boolean computing = true;

        public void run(ProcessContext process) throws InterruptedException {
            CountDownLatch over = new CountDownLatch(1);
            process.onSignal("CONT", () -> {
                computing = false;
                over.countDown();
            });
            System.out.println("starving");
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread _ = Thread.startVirtualThread(this::compute);
            }
            over.await();
        }

        private void compute() {
            while (computing) {
                Thread.onSpinWait();
            }
        }
    }

    /// Asks for more time while it boots, and once more when that is over.
    static final class BootsSlowly {
        BootsSlowly() {
            Muster.extendBoot(Duration.ofMinutes(2), "reads\nits index");
        }

        public void run(ProcessContext process) {
            Muster.extendBoot(Duration.ofMinutes(3), "too late");
            process.exit(0);
        }
    }

    static class Pool extends WorkerPool {
        @Override
        protected void start(WorkerContext worker) {
            System.out.println("start in " + worker.name());
        }

        @Override
        protected void hook(WorkerContext worker) throws Exception {
            worker.task("row 17");
            while (!worker.stopping()) {
                worker.heartbeat();
                worker.take(Duration.ofMillis(50)).ifPresent(task -> {
                    throw new AssertionError(task.id());
                });
            }
        }

        @Override
        protected void exiting(ExitReason reason, @Nullable String task) {
            System.out.println("exiting " + reason + " " + task);
        }
    }

    static final class ReturningPool extends Pool {
        @Override
        protected void hook(WorkerContext worker) {
            worker.task("row 18");
        }
    }

    static final class FailingPool extends Pool {
        @Override
        protected void hook(WorkerContext worker) {
            throw new IllegalStateException("no queue");
        }
    }

    /// A pool with the built-in loop.
    static class BuiltIn extends WorkerPool {
        @Override
        protected void exiting(ExitReason reason, @Nullable String task) {
            System.out.println("exiting " + reason + " " + task);
        }
    }

    /// What the messages call.
    static final class Work {
        @Task
        public static void print(String text) {
            System.out.println("task " + text);
        }

        @Task
        public static void exit(int code) {
            System.exit(code);
        }

        @Task
        public static void eat() {
            new EatsDirectMemory().run();
        }

        @Task
        public static void hang() throws InterruptedException {
            System.out.println("hanging");
            new CountDownLatch(1).await();
        }
    }

    /// A hand-written hook that ends each task in the way that its message says.
    static final class TakingPool extends Pool {
        @Override
        protected void hook(WorkerContext worker) throws Exception {
            while (!worker.stopping()) {
                Optional<PoolTask> task = worker.take(Duration.ofSeconds(5));
                if (task.isPresent()) {
                    System.out.println("took " + task.get().id());
                    if (task.get().payload().contains("bury")) {
                        task.get().dead("useless");
                    } else {
                        task.get().done();
                    }
                }
            }
        }
    }

    /// The store of the fixture: holds what the environment says, prints what is stored.
    public static final class Provider implements BrokerProvider {
        /// For `ServiceLoader`.
        public Provider() {}

        @Override
        public String kind() {
            return "sqlite";
        }

        @Override
        public Broker open(Settings settings) {
            String messages = System.getenv("FIXTURE_MESSAGES");
            if (messages == null) {
                throw new BrokerException("the fixture has no messages");
            }
            MemoryBroker broker = new MemoryBroker(outcome -> System.out.println(
                    outcome.getClass().getSimpleName() + " " + outcome.claim().id()));
            for (String message : messages.split("\n", -1)) {
                var _ = broker.enqueue(List.of(NewTask.of("q", message)));
            }
            return broker;
        }

        @Override
        public List<String> schemes() {
            return List.of("fixture");
        }

        @Override
        public Broker connect(String url) {
            throw new BrokerException("the fixture has no addresses");
        }
    }
}
