package dev.muster.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// How many descriptors this process may have open at once. `RLIMIT_NOFILE` in `getrlimit(2)`.
///
/// **Threads:** any; it holds for the process. **Lifetime:** until it is set again; processes that are started later
/// inherit it. **Failure:** see [#limit(int)].
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7;
    private static final int CAP_SYS_RESOURCE = 24;
    private static final String ROW = "Max open files";

    private OpenFiles() {}

    /// Sets the soft and the hard limit.
    ///
    /// @throws NativeException `EPERM` if it is above [#most()]
    public static void limit(int files) {
        if (!Natives.available()) {
            throw Natives.refusal("limit the number of open files");
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment limit = memory.allocate(2L * Long.BYTES, Long.BYTES);
            limit.setAtIndex(Native.LONG, 0, files);
            limit.setAtIndex(Native.LONG, 1, files);
            MemorySegment state = Native.state();
            if (Syscall.call(state, Native.PLATFORM.prlimit(), 0, RLIMIT_NOFILE, limit.address(), 0) != 0) {
                throw Native.failure(state, "prlimit(RLIMIT_NOFILE, " + files + ")");
            }
        }
    }

    /// The most that a process started from this one may ask for: the hard limit, or with the right to raise it
    /// what the kernel allows at all.
    public static long most() {
        return Privileges.has(CAP_SYS_RESOURCE)
                ? ProcFs.read("/proc/sys/fs/nr_open", 64)
                        .map(text -> Long.parseLong(text.strip()))
                        .orElse(Long.MAX_VALUE)
                : limits().get(1);
    }

    /// The soft and the hard limit of this process.
    public static List<Long> limits() {
        return ProcFs.limits(ROW);
    }
}
