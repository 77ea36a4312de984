package dev.muster.os;

import java.lang.foreign.MemorySegment;

/// A descriptor that stands for one process and never for its successor with the same pid. It becomes readable
/// ([Poller#IN]) when the process ends, before it is collected. `pidfd_open(2)`.
///
/// **Threads:** one owner. **Lifetime:** the owner closes it, also after the process has ended. **Failure:** the
/// end of the process is what it reports.
public final class Pidfd implements AutoCloseable {
    private final int pid;
    private final int fd;
    private boolean closed;

    private Pidfd(int pid, int fd) {
        this.pid = pid;
        this.fd = fd;
    }

    /// Opens one. It means the right process for certain only if the caller is its parent and has not collected it.
    ///
    /// @throws NativeException `ESRCH` if there is no such process
    public static Pidfd open(int pid) {
        if (pid <= 1) {
            throw new IllegalArgumentException("cannot open process " + pid + ": give the pid of one process, above 1");
        }
        if (!Natives.available()) {
            return new Pidfd(pid, PlainChildren.watch(pid));
        }
        MemorySegment state = Native.state();
        long fd = Syscall.call(state, Platform.PIDFD_OPEN, pid, 0, 0, 0);
        if (fd < 0) {
            throw Native.failure(state, "pidfd_open(" + pid + ")");
        }
        return new Pidfd(pid, (int) fd);
    }

    /// Sends a signal to this very process, and to no successor with its pid.
    ///
    /// @return false if it has ended and was collected
    /// @throws NativeException `EPERM` if this user may not
    public static boolean signal(Identity process, int signal) {
        try (Pidfd pidfd = open((int) process.pid())) {
            // The descriptor stands for whoever has the pid now: from here on that cannot change.
            return Identity.of(process.pid()).filter(process::equals).isPresent() && pidfd.signal(signal);
        } catch (NativeException e) {
            if (e.errno() == Errno.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    /// The descriptor, for a [Poller].
    public int fd() {
        return fd;
    }

    /// Sends a signal to this process only, not to its group. `pidfd_send_signal(2)`.
    ///
    /// @return false if it has ended and was collected
    public boolean signal(int signal) {
        if (closed) {
            throw new IllegalStateException("the descriptor of process " + pid + " is closed; open another");
        }
        if (!Natives.available()) {
            return PlainChildren.send(pid, signal);
        }
        MemorySegment state = Native.state();
        if (Syscall.call(state, Platform.PIDFD_SEND_SIGNAL, fd, signal, 0, 0) == 0) {
            return true;
        }
        if (Native.errno(state) == Errno.ESRCH) {
            return false;
        }
        throw Native.failure(state, "pidfd_send_signal(" + pid + ", " + Signals.name(signal) + ")");
    }

    /// Closes the descriptor; a second time does nothing.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Fd.close(fd);
        }
    }
}
