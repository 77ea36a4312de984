package dev.muster.os;

import static dev.muster.os.Native.INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// How this process ranks when processors are short.
///
/// **Threads:** any. **Lifetime:** until it is set again; threads and processes that are started later inherit it.
/// **Failure:** see [#set(int)].
public final class Priority {
    private static final int PRIO_PROCESS = 0;
    private static final int FIRST = -20;
    private static final int LAST = 19;

    private static final int CAP_SYS_NICE = 23;
    private static final int NICE_FIELD = 19;

    private Priority() {}

    /// The lowest nice value that a process started from this one may give itself: with the right to all of them
    /// -20, else its present one, or what `RLIMIT_NICE` allows.
    public static int lowest() {
        if (Privileges.has(CAP_SYS_NICE)) {
            return FIRST;
        }
        long now = ProcFs.read("/proc/self/stat", ProcStat.LONGEST)
                .map(line -> ProcStat.field(line, NICE_FIELD))
                .orElse(0L);
        long allowed = LAST + 1L - Math.min(ProcFs.limits("Max nice priority").getFirst(), LAST + 1L - FIRST);
        return (int) Math.max(FIRST, Math.min(now, allowed));
    }

    /// Sets the nice value of all threads of this process. `setpriority(2)`.
    ///
    /// @param nice -20 (first) to 19 (last); 0 is usual
    /// @throws UnsupportedOperationException in degraded mode
    /// @throws NativeException `EACCES` if this user may not lower it
    public static void set(int nice) {
        if (nice < FIRST || nice > LAST) {
            throw new IllegalArgumentException("there is no priority " + nice + "; give " + FIRST + " to " + LAST);
        }
        if (!Natives.available()) {
            throw Natives.refusal("set the nice value " + nice);
        }
        Threads.forEach("setpriority(" + nice + ")", tid -> apply(tid, nice));
    }

    private static int apply(int tid, int nice) {
        MemorySegment state = Native.state();
        try {
            return (int) Calls.SET.invokeExact(state, PRIO_PROCESS, tid, nice) == 0 ? 0 : Native.errno(state);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static final class Calls {
        static final MethodHandle SET = Native.function("setpriority", FunctionDescriptor.of(INT, INT, INT, INT));
    }
}
