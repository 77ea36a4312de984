package dev.muster.os;

import java.lang.foreign.MemorySegment;

/// Leaving at once. `_exit(2)`.
///
/// The exits of the virtual machine wait up to 300 ms for threads that are inside native calls, and run hooks that
/// may hang; this one does neither. The caller has flushed what it wants to keep.
///
/// **Threads:** any. **Lifetime:** ends it. **Failure:** if the native call cannot be made, `Runtime.halt`.
public final class Exit {
    private static final int EXIT_GROUP = Native.PLATFORM.exitGroup();
    private static final MemorySegment STATE = Native.state();

    private Exit() {}

    /// Prepares the call, so that it also works when memory has run out. Call it once at the start.
    public static void prepare() {
        Syscall.link();
    }

    /// Ends this process; does not return.
    ///
    /// @param code 0 to 255
    public static void now(int code) {
        try {
            long _ = Syscall.call(STATE, EXIT_GROUP, code, 0, 0, 0);
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }
}
