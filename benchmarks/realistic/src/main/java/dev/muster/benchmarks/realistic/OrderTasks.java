package dev.muster.benchmarks.realistic;

import dev.muster.benchmarks.Ledger;
import dev.muster.task.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.stereotype.Component;

/// The tasks that the benchmarks know, each with a row of the database in it.
@Component
public class OrderTasks {
    private static volatile long turn;

    private final ShopOrders orders;

    public OrderTasks(ShopOrders orders) {
        this.orders = orders;
    }

    /// Says when it starts.
    @Task(name = "note")
    public void note(String text) {
        Ledger.note(text);
        orders.save(new ShopOrder(text));
    }

    /// Says when it starts, and ends when there is a file of this name.
    @Task(name = "hold")
    public void hold(String text) {
        Ledger.note(text);
        orders.save(new ShopOrder(text));
        while (!Files.exists(Path.of(text))) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /// Says when it starts, and never ends.
    @Task(name = "loop", timeout = 1_000)
    public void loop(String text) {
        Ledger.note(text);
        endless();
    }

    private static void endless() {
        for (long next = 1; turn >= 0; next = (next + 1) & Long.MAX_VALUE) {
            turn = next;
        }
    }
}
