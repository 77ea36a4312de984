package dev.muster.memory;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Which application's shared memory this process uses. Set once by the runtime before user code runs; applications do
/// not use it.
///
/// **Threads:** any. **Lifetime:** a child keeps the one that it was given; a JVM that runs whole applications inline
/// has one after the other.
public final class SharedMemory {
    private static final String NOBODY =
            "no application of Muster runs in this process; shared memory belongs to a running application, so use it"
                    + " in code that Muster.run has started";

    private static final AtomicReference<@Nullable MemoryDirectory> CURRENT = new AtomicReference<>();
    private static volatile String refusal = NOBODY;

    private SharedMemory() {}

    /// Uses this directory from now on.
    ///
    /// @throws IllegalStateException if another one is in use
    public static void use(MemoryDirectory directory) {
        if (!CURRENT.compareAndSet(null, directory)) {
            throw new IllegalStateException("this process uses " + CURRENT.get() + " already, it cannot use "
                    + directory + " too; leave the first one");
        }
    }

    /// Uses it no more, and never again: handles forget what they found there. Nothing is changed in it.
    public static void leave(MemoryDirectory directory) {
        if (CURRENT.compareAndSet(directory, null)) {
            directory.forget();
        }
    }

    /// Says why there is none in this process, now and later.
    ///
    /// @param why a sentence with the fix
    public static void refuse(String why) {
        refusal = why;
    }

    /// @throws MemoryException if there is none, with the reason
    static MemoryDirectory current(RegionKind kind, String name) {
        MemoryDirectory directory = CURRENT.get();
        if (directory == null) {
            throw new MemoryException("cannot use the " + kind.word() + " " + name + ": " + refusal);
        }
        return directory;
    }
}
