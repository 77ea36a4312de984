package dev.muster.control;

import dev.muster.os.Fd;
import dev.muster.os.NativeException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Descriptors that are open for nothing, so that there are some when the process has used up all that it may have: new
/// children are the first to go without, the control socket is the last.
///
/// **Threads:** one. **Lifetime:** closed by its owner.
final class SpareDescriptors implements AutoCloseable {
    private static final int KEPT = 16;

    private final Deque<Integer> open = new ArrayDeque<>(KEPT);

    SpareDescriptors() {
        refill();
    }

    /// Makes room for one new descriptor.
    ///
    /// @return false if nothing is in reserve
    boolean give() {
        Integer fd = open.poll();
        if (fd != null) {
            Fd.close(fd);
        }
        return fd != null;
    }

    /// Takes back what was given, as far as there is anything to take.
    void refill() {
        try {
            while (open.size() <= KEPT - 2) {
                int[] pipe = Fd.pipe();
                open.add(pipe[0]);
                open.add(pipe[1]);
            }
        } catch (NativeException _) {
            // Not yet.
        }
    }

    @Override
    public void close() {
        while (give()) {}
    }
}
