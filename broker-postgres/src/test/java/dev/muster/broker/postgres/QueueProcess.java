package dev.muster.broker.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The other side of the tests with several processes: a JVM that works on the queue until it is killed.
final class QueueProcess {
    private QueueProcess() {}

    /// @param args the address, what to do, and as whom
    public static void main(String[] args) {
        try (Broker broker = PostgresBroker.open(args[0], "process", 1 << 20)) {
            switch (args[1]) {
                case "open" -> print("opened " + broker.durability());
                case "enqueue" -> enqueue(broker);
                case "churn" -> churn(broker, args[2]);
                default -> throw new IllegalArgumentException(args[1]);
            }
        }
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
    private static void churn(Broker broker, String owner) {
        print("ready");
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
}
