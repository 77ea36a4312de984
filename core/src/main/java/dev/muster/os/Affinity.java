package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// On which processors this process may run.
///
/// **Threads:** any. **Lifetime:** until it is set again; threads and processes that are started later inherit it.
/// **Failure:** see [#set(int...)].
public final class Affinity {
    /// `CPU_SETSIZE` of glibc.
    private static final int MOST_CPUS = 1024;

    private static final int SC_NPROCESSORS_ONLN = 84;

    private Affinity() {}

    /// Binds all threads of this process. `sched_setaffinity(2)`.
    ///
    /// @param cpus the processors as the kernel numbers them, from 0; at least one of them must be usable
    /// @throws IllegalArgumentException if there is none, or one is not in 0 to 1023
    /// @throws UnsupportedOperationException in degraded mode
    /// @throws NativeException `EINVAL` if the machine or its control group has none of them
    public static void set(int... cpus) {
        if (cpus.length == 0) {
            throw new IllegalArgumentException(
                    "cannot run on no processor; name at least one of 0 to " + (online() - 1));
        }
        if (!Natives.available()) {
            throw Natives.refusal("bind this process to the processors " + Arrays.toString(cpus));
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment mask = memory.allocate(MOST_CPUS / Byte.SIZE, Long.BYTES);
            for (int cpu : cpus) {
                if (cpu < 0 || cpu >= MOST_CPUS) {
                    throw new IllegalArgumentException(
                            "there is no processor " + cpu + "; name some of 0 to " + (online() - 1));
                }
                byte bits = mask.get(ValueLayout.JAVA_BYTE, cpu / Byte.SIZE);
                mask.set(ValueLayout.JAVA_BYTE, cpu / Byte.SIZE, (byte) (bits | 1 << cpu % Byte.SIZE));
            }
            Threads.forEach("sched_setaffinity(" + Arrays.toString(cpus) + ")", tid -> bind(tid, mask));
        }
    }

    /// The processors that the machine has switched on, in the kernel's own form, for example `0-3,6`; empty where
    /// it does not say.
    public static String onlineList() {
        return ProcFs.read("/sys/devices/system/cpu/online", 4096).orElse("").strip();
    }

    /// How many processors the machine has switched on, whether this process may use them or not.
    public static int online() {
        if (!Natives.available()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            return Math.toIntExact((long) Online.SYSCONF.invokeExact(SC_NPROCESSORS_ONLN));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int bind(int tid, MemorySegment mask) {
        MemorySegment state = Native.state();
        try {
            return (int) Calls.SET.invokeExact(state, tid, mask.byteSize(), mask) == 0 ? 0 : Native.errno(state);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static final class Calls {
        static final MethodHandle SET =
                Native.function("sched_setaffinity", FunctionDescriptor.of(INT, INT, LONG, POINTER));
    }

    private static final class Online {
        static final MethodHandle SYSCONF = Native.plain("sysconf", FunctionDescriptor.of(LONG, INT));
    }
}
