package dev.muster.os;

import java.lang.foreign.MemorySegment;

/// Makes this process the parent of what its descendants leave behind.
///
/// **Threads:** any; it holds for the process. **Lifetime:** until this process ends; children do not inherit it.
/// **Failure:** see [#become()]. Whoever becomes one must collect the strangers that it is given, see
/// [ProcessTable#ownChildren()] and [Wait].
public final class Subreaper {
    private static final int PR_SET_CHILD_SUBREAPER = 36;

    private Subreaper() {}

    /// From now on a process whose parent has ended, anywhere below this one, becomes a child of this one.
    /// `PR_SET_CHILD_SUBREAPER` in `prctl(2)`.
    public static void become() {
        if (!Natives.available()) {
            return;
        }
        MemorySegment state = Native.state();
        if (Syscall.call(state, Native.PLATFORM.prctl(), PR_SET_CHILD_SUBREAPER, 1, 0, 0) != 0) {
            throw Native.failure(state, "prctl(PR_SET_CHILD_SUBREAPER)");
        }
    }
}
