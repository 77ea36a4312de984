package dev.muster.examples.demo;

import dev.muster.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Tasks that hang or end their process.
public class Killer {
    private static volatile long turn;

    /// Never ends, and keeps a processor busy.
    @Task
    public void loop() {
        for (long next = 1; turn >= 0; next = (next + 1) & Long.MAX_VALUE) {
            turn = next;
        }
    }

    /// Never ends, and does not listen to interrupts.
    @Task
    public void hang() {
        CountDownLatch never = new CountDownLatch(1);
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException ignored) {
                // a task that cannot be talked out of it
            }
        }
    }

    /// Ends the process in an orderly way.
    @Task
    public void exit() {
        System.exit(3);
    }

    /// Ends the process without shutdown hooks.
    @Task
    public void halt() {
        Runtime.getRuntime().halt(9);
    }

    /// Takes all memory.
    @Task
    public void heap() {
        List<long[]> hoard = new ArrayList<>();
        while (turn >= 0) {
            hoard.add(new long[1 << 21]);
        }
        throw new AssertionError("kept " + hoard.size());
    }
}
