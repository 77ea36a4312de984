package dev.muster.concurrency;

import java.util.concurrent.atomic.AtomicInteger;

/// Numbers of places in memory that all tests of a JVM use again and again: a new file for each of millions of states
/// would be a test of the file system. A state takes one while nobody acts, and brings it into its first condition.
///
/// **Threads:** any.
public final class Places {
    /// More than there are states at the same time: `-strideSize` times `-strideCount` of jcstress, which
    /// `concurrency-tests/run` sets.
    public static final int COUNT = 512;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private Places() {}

    /// A number that was not given out for [#COUNT] turns, and above its lowest bits how often it was.
    public static int next() {
        return NEXT.getAndIncrement() & Integer.MAX_VALUE;
    }

    /// The place of such a number, 0 to [#COUNT] - 1.
    public static int index(int number) {
        return number % COUNT;
    }

    /// 1 or 2, and the other one the next time that the place is used: what was left there from before differs.
    public static int turn(int number) {
        return 1 + (number / COUNT & 1);
    }
}
