package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import dev.muster.memory.Channel;
import dev.muster.memory.Column;
import dev.muster.memory.Counter;
import dev.muster.memory.Delivery;
import dev.muster.memory.SharedLock;
import dev.muster.memory.Table;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Two processes that share all there is: one produces numbers, the other one adds them up in a table. A third one
/// holds a lock.
public final class Sharing {
    /// A number on its way.
    public record Item(long number) {}

    private static final Table SUMS = Table.named("sums", 100, Column.int64("n"), Column.text("last", 64));
    private static final Channel<Item> ITEMS = Channel.json("items", 50, 64, Item.class);
    private static final Counter NEXT = Counter.named("next");
    private static final SharedLock LOCK = SharedLock.named("lock");

    public static void main(String[] args) {
        Muster.run(Sharing.class, args);
    }

    /// Puts the next number into the channel.
    @UserProcess(name = "Producer", interval = 5)
    public void produce() throws InterruptedException {
        long number = NEXT.add(1);
        boolean _ = ITEMS.offer(new Item(number), Duration.ofSeconds(1));
    }

    /// Adds up what comes.
    @UserProcess(name = "Consumer", interval = 0)
    public void consume() throws InterruptedException {
        Optional<Delivery<Item>> delivery = ITEMS.receive(Duration.ofMillis(200));
        if (delivery.isPresent()) {
            try (Delivery<Item> item = delivery.get()) {
                long number = item.message().number();
                long _ = SUMS.increment("seen", "n", 1);
                boolean _ = SUMS.set("last", Map.of("n", number, "last", "number " + number));
                item.confirm();
            }
        }
    }

    /// Holds the lock for as long as it lives.
    @UserProcess(name = "Holder")
    public void hold(ProcessContext process) throws InterruptedException {
        SharedLock.Hold hold = LOCK.tryLock(Duration.ofSeconds(5)).orElseThrow();
        long _ = SUMS.increment(hold.ownerDied() ? "inherited" : "fresh", "n", 1);
        process.sleep(Duration.ofDays(1));
        hold.close();
    }
}
