package dev.muster.memory;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What user code holds of a region: its name, and the region once it was used. Making one touches nothing, so that it
/// may stand in a static field of a class that the master loads too.
///
/// **Threads:** any. **Lifetime:** what it found it forgets when the application of this process ends; the next use
/// looks anew.
final class Handle<R> {
    private final RegionKind kind;
    private final String name;
    private final BiFunction<MemoryDirectory, String, R> open;
    private volatile @Nullable R region;

    /// @param open creates the region or attaches to it
    /// @throws IllegalArgumentException if the name cannot be one
    Handle(RegionKind kind, String name, BiFunction<MemoryDirectory, String, R> open) {
        this.kind = kind;
        this.name = RegionNames.check(kind, name);
        this.open = open;
    }

    String name() {
        return name;
    }

    R get() {
        R found = region;
        return found != null ? found : find();
    }

    private synchronized R find() {
        R found = region;
        if (found == null) {
            MemoryDirectory directory = SharedMemory.current(kind, name);
            found = open.apply(directory, name);
            region = found;
            // After the store: forget() must find it.
            if (!directory.onLeave(this::forget)) {
                region = null;
                throw new MemoryException("cannot use the " + kind.word() + " " + name
                        + ": the application that it belongs to has ended meanwhile");
            }
        }
        return found;
    }

    private void forget() {
        region = null;
    }
}
