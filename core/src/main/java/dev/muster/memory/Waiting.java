package dev.muster.memory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// One wait of one thread for something that another process does.
final class Waiting {
    /// Some twenty microseconds: longer than a hand-over between two running threads takes.
    private static final int SPINS = 256;

    private static final Duration EVER = Duration.ofDays(36_500);

    private Waiting() {}

    /// Waits until a condition holds.
    ///
    /// @param word is woken by who makes it hold
    /// @param condition is asked again and again; it may do something when it holds
    /// @param atMost the limit; negative is like 0
    /// @return false if it did not hold in time
    /// @throws InterruptedException if the thread is interrupted; the condition did not hold
    static boolean until(WaitWord word, BooleanSupplier condition, Duration atMost) throws InterruptedException {
        Objects.requireNonNull(atMost, "atMost");
        if (condition.getAsBoolean()) {
            return true;
        }
        long limit = (atMost.compareTo(EVER) < 0 ? atMost : EVER).toNanos();
        long start = System.nanoTime();
        if (limit > 0) {
            for (int spin = 0; spin < SPINS; spin++) {
                Thread.onSpinWait();
                if (condition.getAsBoolean()) {
                    return true;
                }
            }
        }
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = limit - (System.nanoTime() - start);
            if (left <= 0) {
                return condition.getAsBoolean();
            }
            int ticket = word.ticket();
            word.announce();
            if (condition.getAsBoolean()) {
                return true;
            }
            word.sleep(ticket, left);
            if (condition.getAsBoolean()) {
                return true;
            }
        }
    }
}
