package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Collects children that have ended.
///
/// There is deliberately no way to collect any child: that would take the exit status of the processes which the
/// JDK itself starts and waits for. [#anyEnded()] only looks.
///
/// **Threads:** any. **Lifetime:** a child stays a zombie, and its pid stays taken, until it was collected once.
/// **Failure:** see [#tryReap(int)].
public final class Wait {
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int P_ALL = 0;

    /// `siginfo_t` is 128 bytes; `si_pid` stands behind three ints and a gap.
    private static final int SIGINFO_SIZE = 128;

    private static final int PID_AT = 16;

    private Wait() {}

    /// Collects a child if it has ended; does not wait. `waitpid(2)`.
    ///
    /// @param pid a child of this process that was not collected yet
    /// @return how it ended, or empty if it still runs
    /// @throws NativeException `ECHILD` if it is not a child of this process or was collected already
    public static Optional<ExitStatus> tryReap(int pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("cannot collect process " + pid + ": give the pid of one child");
        }
        if (!Natives.available()) {
            return PlainChildren.tryReap(pid);
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment status = memory.allocate(INT);
            MemorySegment state = Native.state();
            int result = (int) Calls.WAITPID.invokeExact(state, pid, status, WNOHANG);
            if (result < 0) {
                throw Native.failure(state, "waitpid(" + pid + ")");
            }
            return result == 0 ? Optional.empty() : Optional.of(ExitStatus.ofWait(status.get(INT, 0)));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /// Whether some child has ended and was not collected yet; collects nothing and does not wait. `waitid(2)` with
    /// `WNOWAIT`. Without native calls nobody can tell, and the answer is no.
    public static boolean anyEnded() {
        if (!Natives.available()) {
            return false;
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment info = memory.allocate(SIGINFO_SIZE, Long.BYTES);
            MemorySegment state = Native.state();
            int how = WEXITED | WNOHANG | WNOWAIT;
            if (Syscall.call(state, Native.PLATFORM.waitid(), P_ALL, 0, info.address(), how) != 0) {
                if (Native.errno(state) == Errno.ECHILD) {
                    return false;
                }
                throw Native.failure(state, "waitid(P_ALL, WNOWAIT)");
            }
            return info.get(INT, PID_AT) != 0;
        }
    }

    private static final class Calls {
        static final MethodHandle WAITPID = Native.function("waitpid", FunctionDescriptor.of(INT, INT, POINTER, INT));
    }
}
