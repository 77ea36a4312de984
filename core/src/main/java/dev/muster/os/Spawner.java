package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Starts programs with `posix_spawn(3)`.
///
/// The new process has a process group of its own (its id is the pid), every signal at its default and none
/// blocked, and no descriptor above 2.
///
/// **Threads:** one platform thread that lives as long as this process: a child that asked for it with
/// [ParentDeath] dies when the thread that spawned it ends. **Lifetime:** the caller collects the child with
/// [Wait]. **Failure:** a program that cannot be executed is reported here; nothing has been started then.
public final class Spawner {
    /// Larger than `posix_spawn_file_actions_t` (80) and `posix_spawnattr_t` (336) of glibc.
    private static final int OPAQUE_SIZE = 512;

    /// `sigset_t` of glibc.
    static final int SIGNAL_SET_SIZE = 128;

    private static final short POSIX_SPAWN_SETPGROUP = 0x02;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    private static final int O_RDONLY = 0;
    private static final int FIRST_OTHER_FD = 3;

    private Spawner() {}

    /// Starts a program. Takes a fraction of a millisecond, during which this thread is blocked.
    ///
    /// @return its pid
    /// @throws NativeException if it could not be started; with [NativeException#shortage()] it may succeed later
    /// @throws IllegalStateException on a virtual thread
    public static int spawn(SpawnRequest request) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("refused to start " + request.executable() + " from a virtual thread: its"
                    + " carrier may end, and the child with it; use a permanent platform thread");
        }
        if (!Natives.available()) {
            return PlainChildren.spawn(request);
        }
        try (Source stdin = Source.of(request.stdinFd());
                Source stdout = Source.of(request.stdoutFd());
                Source stderr = Source.of(request.stderrFd())) {
            return spawn(request, stdin.fd(), stdout.fd(), stderr.fd());
        }
    }

    /// A descriptor that is to become one of 0 to 2. It must lie above these: else the first copy would overwrite
    /// the source of another.
    ///
    /// @param original what was asked for
    private record Source(int fd, int original) implements AutoCloseable {
        static Source of(int original) {
            boolean inTheWay = original >= 0 && original < FIRST_OTHER_FD;
            return new Source(inTheWay ? Fd.duplicate(original, FIRST_OTHER_FD) : original, original);
        }

        @Override
        public void close() {
            if (fd != original) {
                Fd.close(fd);
            }
        }
    }

    private static int spawn(SpawnRequest request, int stdin, int stdout, int stderr) {
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment argv = Native.vector(memory, request.argv());
            MemorySegment envp = Native.vector(memory, EnvironmentText.of(request.environment()));
            MemorySegment path = Native.text(memory, request.executable().toString());
            MemorySegment attributes = attributes(memory, request.newSession());
            MemorySegment actions = memory.allocate(OPAQUE_SIZE, Long.BYTES);
            check("posix_spawn_file_actions_init", (int) Calls.ACTIONS_INIT.invokeExact(actions));
            try {
                fill(memory, actions, request, stdin, stdout, stderr);
                MemorySegment pid = memory.allocate(INT);
                int error = (int) Calls.SPAWN.invokeExact(pid, path, actions, attributes, argv, envp);
                check("posix_spawn(" + request.executable() + " in " + request.directory() + ")", error);
                return pid.get(INT, 0);
            } finally {
                int _ = (int) Calls.ACTIONS_DESTROY.invokeExact(actions);
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void fill(
            Arena memory, MemorySegment actions, SpawnRequest request, int stdin, int stdout, int stderr)
            throws Throwable {
        MemorySegment directory = Native.text(memory, request.directory().toString());
        if (stdin == SpawnRequest.NO_INPUT) {
            MemorySegment devNull = Native.text(memory, "/dev/null");
            check("addopen", (int) Calls.ADD_OPEN.invokeExact(actions, 0, devNull, O_RDONLY, 0));
        } else {
            check("adddup2", (int) Calls.ADD_DUP2.invokeExact(actions, stdin, 0));
        }
        check("adddup2", (int) Calls.ADD_DUP2.invokeExact(actions, stdout, 1));
        check("adddup2", (int) Calls.ADD_DUP2.invokeExact(actions, stderr, 2));
        check("addclosefrom_np", (int) Calls.ADD_CLOSE_FROM.invokeExact(actions, FIRST_OTHER_FD));
        check("addchdir_np", (int) Calls.ADD_CHDIR.invokeExact(actions, directory));
    }

    private static MemorySegment attributes(Arena memory, boolean newSession) throws Throwable {
        MemorySegment attributes = memory.allocate(OPAQUE_SIZE, Long.BYTES);
        MemorySegment signals = memory.allocate(SIGNAL_SET_SIZE, Long.BYTES);
        int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        flags |= newSession ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
        check("posix_spawnattr_init", (int) Calls.ATTRIBUTES_INIT.invokeExact(attributes));
        check("setflags", (int) Calls.SET_FLAGS.invokeExact(attributes, (short) flags));
        check("setpgroup", (int) Calls.SET_GROUP.invokeExact(attributes, 0));
        check("setsigmask", (int) Calls.SET_MASK.invokeExact(attributes, signals));
        // Not sigfillset(3): it leaves out the two signals that glibc keeps, which the child would then ignore.
        signals.fill((byte) 0xff);
        check("setsigdefault", (int) Calls.SET_DEFAULT.invokeExact(attributes, signals));
        return attributes;
    }

    /// These functions return the error number instead of setting `errno`.
    private static void check(String call, int error) {
        if (error != 0) {
            throw new NativeException(call, error);
        }
    }

    private static final class Calls {
        private static final FunctionDescriptor ON_ONE = FunctionDescriptor.of(INT, POINTER);
        private static final FunctionDescriptor ON_TWO = FunctionDescriptor.of(INT, POINTER, POINTER);
        private static final FunctionDescriptor WITH_INT = FunctionDescriptor.of(INT, POINTER, INT);

        static final MethodHandle SPAWN = Native.plain(
                "posix_spawn", FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER));
        static final MethodHandle ACTIONS_INIT = Native.plain("posix_spawn_file_actions_init", ON_ONE);
        static final MethodHandle ACTIONS_DESTROY = Native.plain("posix_spawn_file_actions_destroy", ON_ONE);
        static final MethodHandle ADD_OPEN = Native.plain(
                "posix_spawn_file_actions_addopen", FunctionDescriptor.of(INT, POINTER, INT, POINTER, INT, INT));
        static final MethodHandle ADD_DUP2 =
                Native.plain("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(INT, POINTER, INT, INT));
        static final MethodHandle ADD_CLOSE_FROM = Native.plain("posix_spawn_file_actions_addclosefrom_np", WITH_INT);
        static final MethodHandle ADD_CHDIR = Native.plain("posix_spawn_file_actions_addchdir_np", ON_TWO);
        static final MethodHandle ATTRIBUTES_INIT = Native.plain("posix_spawnattr_init", ON_ONE);
        static final MethodHandle SET_FLAGS =
                Native.plain("posix_spawnattr_setflags", FunctionDescriptor.of(INT, POINTER, SHORT));
        static final MethodHandle SET_GROUP = Native.plain("posix_spawnattr_setpgroup", WITH_INT);
        static final MethodHandle SET_MASK = Native.plain("posix_spawnattr_setsigmask", ON_TWO);
        static final MethodHandle SET_DEFAULT = Native.plain("posix_spawnattr_setsigdefault", ON_TWO);
    }
}
