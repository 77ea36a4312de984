package dev.muster.broker.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.config.QueueShares;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.StartMarks;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The other side of the tests with several processes: a JVM that works on the queue until its standard input ends, or
/// it is killed.
final class QueueProcess {
    static final AtomicLong RAN = new AtomicLong();

    private QueueProcess() {}

    /// @param args the directory, the durability, what to do
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        try (Broker broker = SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.of(args[1]), 1 << 20)) {
            switch (args[2]) {
                case "drain" -> drain(broker, args[3]);
                case "grab" -> grab(broker, args[3]);
                case "enqueue" -> enqueue(broker);
                case "churn" -> churn(broker, args[3]);
                default -> throw new IllegalArgumentException(args[2]);
            }
        }
    }

    /// A task that does nothing.
    static void noop() {
        long _ = RAN.incrementAndGet();
    }

    /// Runs no-op tasks like a worker; prints how many it ran since the last time, for each line that it reads.
    private static void drain(Broker broker, String owner) throws Exception {
        TaskDeclaration noop =
                new TaskDeclaration("noop", QueueProcess.class.getName(), "noop", "()V", true, "", 0, 1, "RETRY");
        TaskCatalog catalog =
                new TaskCatalog(List.of(noop), OnCrash.RETRY, 1 << 20, QueueProcess.class.getClassLoader());
        TaskRunner runner = new TaskRunner(catalog, Instances.constructor(), 300_000);
        // Classes are loaded and code is warm before the work is shared.
        for (int i = 0; i < 10; i++) {
            List<String> _ = broker.enqueue(Collections.nCopies(200, NewTask.of(owner, "{\"task\":\"noop\"}")));
        }
        Consumer warm = new Consumer(broker, QueueShares.only(owner), owner, 1, runner, new Marks(), () -> {});
        Thread warming = Thread.ofPlatform().start(warm::run);
        while (broker.counts().get(owner).done() < 2000) {
            broker.await("nothing", Duration.ofMillis(10));
        }
        warm.stop();
        warming.join();
        RAN.set(0);
        Consumer consumer = new Consumer(broker, QueueShares.only("load"), owner, 1, runner, new Marks(), () -> {});
        Thread loop = Thread.ofPlatform().start(consumer::run);
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (in.readLine() != null) {
            System.out.println(RAN.getAndSet(0));
        }
        consumer.stop();
        loop.join();
    }

    /// Claims and settles without doing anything between, so that the lock is all that counts; prints how many it
    /// had.
    private static void grab(Broker broker, String owner) throws Exception {
        System.out.println("ready");
        long had = 0;
        while (System.in.available() == 0) {
            List<Claim> claims = broker.claim("load", owner, 16);
            List<Outcome> outcomes = new ArrayList<>();
            claims.forEach(claim -> outcomes.add(new Outcome.Done(claim)));
            had += outcomes.size() - broker.settle(outcomes).size();
        }
        System.out.println(had);
    }

    /// Enqueues and prints each id once it is kept.
    private static void enqueue(Broker broker) {
        for (long i = 0; ; i++) {
            List<NewTask> batch = new ArrayList<>();
            for (int k = 0; k < 1 + i % 5; k++) {
                batch.add(NewTask.of("load", "{\"task\":\"noop\"}"));
            }
            print(String.join(" ", broker.enqueue(batch)));
        }
    }

    private static void print(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    /// Claims, finishes some, gives some back, lets some fail; prints the ids whose outcome `done` was stored.
    private static void churn(Broker broker, String owner) throws Exception {
        System.out.println("ready");
        for (int round = 0; ; round++) {
            List<Claim> claims = broker.claim("load", owner, 16);
            List<Outcome> outcomes = new ArrayList<>();
            List<Claim> back = new ArrayList<>();
            for (int i = 0; i < claims.size(); i++) {
                Claim claim = claims.get(i);
                switch (i % 4) {
                    case 0, 1 -> outcomes.add(new Outcome.Done(claim));
                    case 2 -> outcomes.add(new Outcome.Retry(claim, claim.payload(), Duration.ZERO, "round " + round));
                    default -> back.add(claim);
                }
            }
            List<Outcome> stale = broker.settle(outcomes);
            StringBuilder line = new StringBuilder();
            for (Outcome outcome : outcomes) {
                if (outcome instanceof Outcome.Done done && !stale.contains(outcome)) {
                    line.append(done.claim().id()).append(' ');
                }
            }
            print(line.toString());
            broker.giveBack(back);
        }
    }

    /// Marks that complain about a use that the board would not survive.
    private static final class Marks implements StartMarks {
        private enum State {
            FREE,
            STARTED,
            FINISHED
        }

        private final State[] states = new State[MARKS];

        Marks() {
            Arrays.fill(states, State.FREE);
        }

        @Override
        public synchronized int started(String id, String label, long limitMillis) {
            for (int i = 0; i < MARKS; i++) {
                if (states[i] == State.FREE) {
                    states[i] = State.STARTED;
                    return i;
                }
            }
            throw new IllegalStateException("all " + MARKS + " marks are in use");
        }

        @Override
        public synchronized void finished(int mark, boolean failed) {
            change(mark, State.STARTED, State.FINISHED);
        }

        @Override
        public synchronized void settled(int mark) {
            change(mark, State.FINISHED, State.FREE);
        }

        private void change(int mark, State from, State to) {
            if (states[mark] != from) {
                throw new IllegalStateException("mark " + mark + " is " + states[mark] + ", not " + from);
            }
            states[mark] = to;
        }
    }
}
