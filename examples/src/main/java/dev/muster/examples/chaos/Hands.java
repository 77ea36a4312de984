package dev.muster.examples.chaos;

import dev.muster.Pool;
import dev.muster.WorkerContext;
import dev.muster.WorkerPool;

/// The pool: the built-in loop, and a boot that can be told to fail.
@Pool(name = "hands", prefix = "", instances = 3, heartbeat = 20_000, queue = "hands", log = "hands.log")
public class Hands extends WorkerPool {
    @Override
    protected void start(WorkerContext worker) {
        switch (Orders.standing("boot-hands")) {
            case "throw" -> throw new IllegalStateException("hands were told not to boot");
            case "hang" -> Misdeeds.hang();
            default -> {}
        }
    }
}
