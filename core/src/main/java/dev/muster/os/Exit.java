package dev.muster.os;

import java.lang.foreign.MemorySegment;

/// Leaving at once. `_exit(2)`.
///
/// The exits of the virtual machine wait up to 300 ms for threads that are inside native calls, and run hooks that
/// may hang; this one does neither. The caller has flushed what it wants to keep.
///
/// **Threads:** any. **Lifetime:** ends it. **Failure:** if the native call cannot be made, `Runtime.halt`; so in
/// degraded mode.
public final class Exit {
    private Exit() {}

    /// Prepares the call, so that it also works when memory has run out. Call it once at the start.
    public static void prepare() {
        if (Natives.available()) {
            Calls.prepare();
        }
    }

    /// Ends this process; does not return.
    ///
    /// @param code 0 to 255
    public static void now(int code) {
        try {
            if (Natives.available()) {
                Calls.exit(code);
            }
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }

    private static final class Calls {
        private static final int EXIT_GROUP = Native.PLATFORM.exitGroup();
        private static final MemorySegment STATE = Native.state();

        static void prepare() {
            Syscall.link();
        }

        static void exit(int code) {
            long _ = Syscall.call(STATE, EXIT_GROUP, code, 0, 0, 0);
        }
    }
}
