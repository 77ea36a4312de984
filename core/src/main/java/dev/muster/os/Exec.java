package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Turns this process into another program. `execve(2)`.
///
/// The pid, the parent, the working directory and descriptors 0 to 2 stay; every other descriptor, every thread and
/// the memory are gone. No shutdown hook runs and nothing is flushed.
///
/// **Threads:** any platform thread. **Lifetime:** ends this program. **Failure:** if the other program cannot be
/// executed this one goes on, with its descriptors above 2 marked close-on-exec.
public final class Exec {
    private static final long CLOSE_RANGE_CLOEXEC = 4;
    private static final long LAST_FD = 0xFFFF_FFFFL;
    private static final int SIG_SETMASK = 2;

    private Exec() {}

    /// Becomes another program; returns only by throwing. In degraded mode this process cannot become it: it starts
    /// it, waits for it, and ends with its status. Signals that this process blocks are unblocked; those that it
    /// ignores stay ignored.
    ///
    /// @param executable an absolute path
    /// @param argv its arguments; the first is its name
    /// @param environment all of its environment
    /// @throws NativeException if it cannot be executed
    public static void replace(Path executable, List<String> argv, Map<String, String> environment) {
        if (!executable.isAbsolute() || argv.isEmpty()) {
            throw new IllegalArgumentException("cannot become " + executable + " with arguments " + argv
                    + ": give an absolute path and at least the program's name");
        }
        if (!Natives.available()) {
            PlainChildren.replace(executable, argv, environment);
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment path = Native.text(memory, executable.toString());
            MemorySegment arguments = Native.vector(memory, argv);
            MemorySegment variables = Native.vector(memory, EnvironmentText.of(environment));
            MemorySegment none = memory.allocate(Spawner.SIGNAL_SET_SIZE, Long.BYTES);
            MemorySegment before = memory.allocate(Spawner.SIGNAL_SET_SIZE, Long.BYTES);
            closeOthersOnExec();
            int _ = (int) Calls.SIGMASK.invokeExact(SIG_SETMASK, none, before);
            MemorySegment state = Native.state();
            int _ = (int) Calls.EXECVE.invokeExact(state, path, arguments, variables);
            int errno = Native.errno(state);
            int _ = (int) Calls.SIGMASK.invokeExact(SIG_SETMASK, before, MemorySegment.NULL);
            throw new NativeException("execve(" + executable + ")", errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void closeOthersOnExec() {
        MemorySegment state = Native.state();
        if (Syscall.call(state, Platform.CLOSE_RANGE, 3, LAST_FD, CLOSE_RANGE_CLOEXEC, 0) != 0) {
            throw Native.failure(state, "close_range(3.., CLOSE_RANGE_CLOEXEC)");
        }
    }

    private static final class Calls {
        private static final FunctionDescriptor THREE = FunctionDescriptor.of(INT, POINTER, POINTER, POINTER);
        static final MethodHandle EXECVE = Native.function("execve", THREE);
        static final MethodHandle SIGMASK =
                Native.plain("pthread_sigmask", FunctionDescriptor.of(INT, INT, POINTER, POINTER));
    }
}
