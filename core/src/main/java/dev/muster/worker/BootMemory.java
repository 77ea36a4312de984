package dev.muster.worker;

import dev.muster.os.MemoryTrim;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Gives back, once, the memory that only the boot needed: what the compilers and the class loading of the start have
/// freed stays with the C library otherwise, for the whole life of an idle process.
///
/// **Threads:** one of its own, which ends. **Lifetime:** the first seconds of the process.
/// **Failure:** the memory stays where it is.
final class BootMemory {
    /// Longer than the 5 s for which the virtual machine keeps freed chunks for its own use.
    private static final long AFTER_NANOS = TimeUnit.SECONDS.toNanos(7);

    private BootMemory() {}

    static void releaseSoon() {
        Thread thread = new Thread(null, BootMemory::release, "muster-boot-memory", 128 * 1024, false);
        thread.setDaemon(true);
        thread.start();
    }

    private static void release() {
        long end = System.nanoTime() + AFTER_NANOS;
        long left = AFTER_NANOS;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
        boolean _ = MemoryTrim.release();
    }
}
