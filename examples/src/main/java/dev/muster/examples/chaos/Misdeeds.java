package dev.muster.examples.chaos;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What a process can do wrong. Most of these do not
/// return.
final class Misdeeds {
    private static volatile long turns;

    private Misdeeds() {}

    /// An endless loop that keeps a processor busy.
    static void spin() {
        for (long next = 1; turns >= 0; next = (next + 1) & Long.MAX_VALUE) {
            turns = next;
        }
    }

    /// Two threads, each with the lock that the other one wants.
    static void deadlock() {
        Object left = new Object();
        Object right = new Object();
        CountDownLatch both = new CountDownLatch(2);
        Thread _ = Thread.ofPlatform().name("left-first").start(() -> lock(left, right, both));
        Thread _ = Thread.ofPlatform().name("right-first").start(() -> lock(right, left, both));
        hang();
    }

    private static void lock(Object mine, Object other, CountDownLatch both) {
        synchronized (mine) {
            both.countDown();
            join(both);
            synchronized (other) {
                throw new IllegalStateException("there is no deadlock");
            }
        }
    }

    /// As many busy virtual threads as there are carriers, and more: no other virtual thread runs any more.
    static void occupyCarriers() {
        int many = 2 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < many; i++) {
            Thread _ = Thread.startVirtualThread(Misdeeds::spin);
        }
    }

    /// A shutdown hook that never ends.
    static void deafen() {
        Runtime.getRuntime().addShutdownHook(new Thread(Misdeeds::hang, "deaf"));
    }

    /// Never ends, and does not listen to interrupts.
    static void hang() {
        CountDownLatch never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            join(never);
        }
    }

    /// Takes all memory of the heap.
    static void exhaustHeap() {
        List<long[]> hoard = new ArrayList<>();
        while (turns >= 0) {
            hoard.add(new long[1 << 18]);
        }
        throw new AssertionError("kept " + hoard.size());
    }

    /// Takes all memory beside the heap.
    static void exhaustDirectMemory() {
        List<ByteBuffer> hoard = new ArrayList<>();
        while (turns >= 0) {
            hoard.add(ByteBuffer.allocateDirect(1 << 20));
        }
        throw new AssertionError("kept " + hoard.size());
    }

    /// Overflows the stack.
    @SuppressWarnings("InfiniteRecursion") // it is what this one is for
    static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ignored) {
            // it cannot be talked out of it
        }
    }
}
