package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file that one process at a time holds: who holds it owns the run directory.
///
/// It is a lock of the open file (`F_OFD_SETLK` in `fcntl_locking(2)`), not the lock of the process that the JDK's
/// `FileLock` takes: that one is lost as soon as anybody in the process opens and closes the same file. The kernel
/// frees it when the process ends in whatever way. In degraded mode it is that other lock all the same, and [PlainLock]
/// sees to it that nobody here opens the file twice; the two kinds exclude each other. The pid inside the file is
/// information, it decides nothing.
///
/// **Threads:** any. **Lifetime:** until [#close()] or the end of the process; the file stays. **Failure:** after
/// the holder's death the next one gets it at once.
public final class RunLock implements AutoCloseable {
    private static final int O_RDONLY = 0_0 | Fd.O_CLOEXEC;
    private static final int O_RDWR_CREATE = 0_2 | 0_100 | Fd.O_CLOEXEC;
    private static final int FOR_OWNER_ONLY = 0_600;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int HELD_BY_OTHER = -1;

    /// `struct flock { short l_type; short l_whence; off_t l_start; off_t l_len; pid_t l_pid; }`. All zero but the
    /// type means the whole file.
    private static final int FLOCK_SIZE = 32;

    /// Every pid is written with the same number of bytes, so that a shorter one leaves nothing of a longer one.
    private static final int PID_BYTES = 12;

    private final Runnable release;
    private boolean closed;

    /// @param release gives it back
    private RunLock(Runnable release) {
        this.release = release;
    }

    /// Takes the lock if nobody holds it, also not in this process, and writes the own pid into the file. Makes the
    /// file if need be; does not wait.
    ///
    /// @return empty if somebody holds it
    /// @throws NativeException if the file cannot be opened, locked or written
    public static Optional<RunLock> tryAcquire(Path file) {
        if (!Natives.available()) {
            return PlainLock.tryAcquire(file, pidLine()).map(RunLock::new);
        }
        int fd = open(file, O_RDWR_CREATE);
        boolean kept = false;
        try {
            if (lock(fd, F_OFD_SETLK, F_WRLCK, file) == HELD_BY_OTHER) {
                return Optional.empty();
            }
            writePid(fd);
            kept = true;
            return Optional.of(new RunLock(() -> release(fd, file)));
        } finally {
            if (!kept) {
                Fd.close(fd);
            }
        }
    }

    /// Locks a file that is open here for writing, and leaves its content alone. It is the lock of the process: it
    /// ends with it, when the channel is closed, and as soon as anybody in the process closes the same file.
    ///
    /// @return false if somebody holds it, empty if this file system knows no locks
    public static Optional<Boolean> tryLock(FileChannel file) {
        try {
            return Optional.of(file.tryLock() != null);
        } catch (OverlappingFileLockException _) {
            return Optional.of(false);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The pid that the present holder wrote into the file.
    ///
    /// @return empty if nobody holds the lock or there is no file; 0 if somebody holds it and has not written yet
    /// @throws NativeException if the file is there and cannot be opened
    public static Optional<Long> holder(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (!Natives.available()) {
            return PlainLock.holder(file, PID_BYTES).map(RunLock::pidIn);
        }
        int fd = open(file, O_RDONLY);
        try {
            return lock(fd, F_OFD_GETLK, F_WRLCK, file) == F_UNLCK ? Optional.empty() : Optional.of(readPid(fd));
        } finally {
            Fd.close(fd);
        }
    }

    /// Gives the lock back; a second time does nothing.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }

    /// Unlocks before it closes: a child that is between its fork and its exec still has the open file, and the
    /// lock would be held until that exec.
    private static void release(int fd, Path file) {
        try {
            int _ = lock(fd, F_OFD_SETLK, F_UNLCK, file);
        } finally {
            Fd.close(fd);
        }
    }

    private static int open(Path file, int flags) {
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment state = Native.state();
            int fd = (int) Calls.OPEN.invokeExact(state, Native.text(memory, file.toString()), flags, FOR_OWNER_ONLY);
            if (fd < 0) {
                throw Native.failure(state, "open(" + file + ")");
            }
            return fd;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /// Sets the lock, frees it or asks for it.
    ///
    /// @param type what to set, or what to ask for
    /// @return the type in the structure afterwards, or [#HELD_BY_OTHER] if it could not be set
    private static int lock(int fd, int command, short type, Path file) {
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment flock = memory.allocate(FLOCK_SIZE, Long.BYTES);
            flock.set(SHORT, 0, type);
            MemorySegment state = Native.state();
            if ((int) Calls.FCNTL.invokeExact(state, fd, command, flock) == 0) {
                return flock.get(SHORT, 0);
            }
            int errno = Native.errno(state);
            if (command == F_OFD_SETLK && (errno == Errno.EAGAIN || errno == Errno.EACCES)) {
                return HELD_BY_OTHER;
            }
            throw new NativeException("fcntl(lock " + file + ")", errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void writePid(int fd) {
        ByteBuffer text = pidLine();
        while (text.hasRemaining()) {
            int _ = Fd.write(fd, text);
        }
    }

    private static ByteBuffer pidLine() {
        String pid = Long.toString(ProcessHandle.current().pid());
        ByteBuffer text = ByteBuffer.allocateDirect(PID_BYTES);
        text.put(pid.getBytes(StandardCharsets.US_ASCII));
        while (text.position() < PID_BYTES - 1) {
            text.put((byte) ' ');
        }
        return text.put((byte) '\n').flip();
    }

    private static long readPid(int fd) {
        ByteBuffer text = ByteBuffer.allocateDirect(PID_BYTES);
        int _ = Fd.read(fd, text);
        return pidIn(text.flip());
    }

    private static long pidIn(ByteBuffer text) {
        String pid = StandardCharsets.US_ASCII.decode(text).toString().strip();
        try {
            return pid.isEmpty() ? 0 : Long.parseLong(pid);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static final class Calls {
        static final MethodHandle OPEN = Native.variadic("open", 2, FunctionDescriptor.of(INT, POINTER, INT, INT));
        static final MethodHandle FCNTL = Native.variadic("fcntl", 2, FunctionDescriptor.of(INT, INT, INT, POINTER));
    }
}
