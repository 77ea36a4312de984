package dev.muster.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How long a lease stands for whoever has it. It counts from before the question, since the store may have answered at
/// once and the answer been late; and on two clocks, the one that stops while the machine is suspended and the one that
/// people set: whichever says that more time has passed is believed.
record LeaseTerm(long endNanos, long endMillis) {
    /// The term that a store gives to whoever asks it right after this.
    static LeaseTerm fromNow(Duration length) {
        return new LeaseTerm(System.nanoTime() + length.toNanos(), System.currentTimeMillis() + length.toMillis());
    }

    /// What is left of it; nothing or less if it is over.
    long leftNanos() {
        return Math.min(
                endNanos - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(endMillis - System.currentTimeMillis()));
    }

    boolean stands() {
        return leftNanos() > 0;
    }
}
