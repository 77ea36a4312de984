package dev.muster.os;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Ties the life of this process to that of its parent.
///
/// **Threads:** call it on the main thread: the kernel forgets the wish when the calling thread ends, and acts when
/// the *thread* that spawned this process ends. **Lifetime:** until this process replaces itself with a set-user-id
/// program. **Failure:** see [#dieWith(long)].
public final class ParentDeath {
    private static final int PR_SET_PDEATHSIG = 1;

    private ParentDeath() {}

    /// Asks for SIGKILL at the death of the parent, then looks whether the parent is still the expected one: if it
    /// died before the wish was made, the signal never comes. `PR_SET_PDEATHSIG` in `prctl(2)`.
    ///
    /// In degraded mode it only looks: the wish cannot be made.
    ///
    /// @return false if the parent is not `masterPid` any more: leave at once
    public static boolean dieWith(long masterPid) {
        if (!Natives.available()) {
            Optional<ProcessHandle> parent = ProcessHandle.current().parent();
            return parent.isPresent() && parent.get().pid() == masterPid;
        }
        MemorySegment state = Native.state();
        if (Syscall.call(state, Native.PLATFORM.prctl(), PR_SET_PDEATHSIG, Signals.KILL, 0, 0) != 0) {
            throw Native.failure(state, "prctl(PR_SET_PDEATHSIG, SIGKILL)");
        }
        return Syscall.call(state, Native.PLATFORM.getppid(), 0, 0, 0, 0) == masterPid;
    }
}
