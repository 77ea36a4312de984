package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import dev.muster.examples.shared.RedisPools;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Consumes a Redis list exactly as the seed's `QueueConsumerProcess` does.
@UserProcess(interval = 100)
public class Popping {
    public static void main(String[] args) {
        Muster.run(Popping.class, args);
    }

    public void run(ProcessContext process) throws InterruptedException {
        @Nullable List<String> result = RedisPools.named("default").brpop(5, "message_queue");
        if (result != null) {
            Ledger.note("popped", result.getLast());
            while (process.sleep(Duration.ofDays(1))) {
                // handles it for a long time
            }
        }
    }
}
