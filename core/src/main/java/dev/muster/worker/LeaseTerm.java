package dev.muster.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// How long a lease stands for whoever has it. It counts from before the question, since the store may have answered at
/// once and the answer been late; and on two clocks, the one that stops while the machine is suspended and the one that
/// people set: whichever says that more time has passed is believed.
///
/// @param wall the clock that people set
record LeaseTerm(long endNanos, long endMillis, InstantSource wall) {
    /// The term that a store gives to whoever asks it right after this.
    static LeaseTerm fromNow(Duration length) {
        return fromNow(length, InstantSource.system());
    }

    /// As [#fromNow(Duration)], by another clock on the wall.
    static LeaseTerm fromNow(Duration length, InstantSource wall) {
        return new LeaseTerm(System.nanoTime() + length.toNanos(), wall.millis() + length.toMillis(), wall);
    }

    /// What is left of it; nothing or less if it is over.
    long leftNanos() {
        return Math.min(endNanos - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(endMillis - wall.millis()));
    }

    boolean stands() {
        return leftNanos() > 0;
    }
}
