package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Gives memory back that the C library holds for later. A virtual machine leaves some there after its start.
///
/// **Threads:** any. **Lifetime:** none. **Failure:** none.
public final class MemoryTrim {
    private MemoryTrim() {}

    /// Gives back what is free. Takes some milliseconds. `malloc_trim(3)`.
    ///
    /// @return true if something was given back; in degraded mode nothing ever is
    public static boolean release() {
        if (!Natives.available()) {
            return false;
        }
        try {
            return (int) Calls.TRIM.invokeExact(0L) == 1;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static final class Calls {
        static final MethodHandle TRIM = Native.plain("malloc_trim", FunctionDescriptor.of(INT, LONG));
    }
}
