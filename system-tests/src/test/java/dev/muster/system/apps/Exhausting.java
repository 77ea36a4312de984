package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.RestartPolicy;
import dev.muster.UserProcess;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Processes that use up a resource in their first run.
public final class Exhausting {
    public static void main(String[] args) {
        Muster.run(Exhausting.class, args);
    }

    @UserProcess(name = "Heap", restart = RestartPolicy.NEVER)
    public void heap() {
        Object hoard = this;
        while (hoard != null) {
            hoard = new Object[] {hoard, new byte[8 << 20]};
        }
    }

    /// Memory outside the heap, of which the virtual machine itself takes no notice.
    @UserProcess(name = "Direct", restart = RestartPolicy.NEVER)
    public void direct() {
        List<ByteBuffer> held = new ArrayList<>();
        while (held.size() < 1 << 20) {
            held.add(ByteBuffer.allocateDirect(8 << 20));
        }
    }

    /// The same on a thread of a pool of its own.
    @UserProcess(name = "DirectInPool", restart = RestartPolicy.NEVER)
    public void directInPool() throws InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            pool.execute(this::direct);
            new CountDownLatch(1).await();
        }
    }

    /// A stack that no machine has room for: the system refuses the thread as it does when there are too many.
    @UserProcess(name = "Threads", restart = RestartPolicy.NEVER)
    public void threads() {
        new Thread(null, () -> {}, "monstrous", 1L << 46).start();
    }
}
