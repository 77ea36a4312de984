package dev.muster.os;

import java.time.Duration;

/// Waits for many file descriptors at once: pipes, sockets and process descriptors.
///
/// **Threads:** one thread owns it and makes every call, except [#wakeup()], which any thread may make at any time.
/// **Lifetime:** closed by its owner; it never closes the descriptors that were added. Remove a descriptor before
/// you close it. **Failure:** the end of another process shows as [#IN] (a process descriptor) or [#HUP] (a pipe, a
/// socket).
public final class Poller implements AutoCloseable {
    /// There is something to read, or the end of it; a process descriptor: the process has ended.
    public static final int IN = 0x1;

    /// There is room to write.
    public static final int OUT = 0x4;

    /// An error is pending; reported without being asked for.
    public static final int ERR = 0x8;

    /// The other side has closed; reported without being asked for.
    public static final int HUP = 0x10;

    /// The descriptor is not open: a defect of the caller; reported without being asked for.
    public static final int NVAL = 0x20;

    /// Receives what is ready.
    @FunctionalInterface
    public interface Handler {
        /// Takes one descriptor that is ready.
        ///
        /// @param key what the descriptor was added with
        /// @param events the bits of [#IN], [#OUT], [#ERR], [#HUP] and [#NVAL] that hold
        void ready(long key, int events);
    }

    private final PollSet set;

    /// Opens one; it holds a descriptor of its own. `eventfd(2)`.
    public Poller() {
        set = Natives.available() ? new NativePollSet() : new PlainPollSet();
    }

    /// Starts to watch a descriptor.
    ///
    /// @param events what to wait for: any of [#IN] and [#OUT], or 0 for only the end
    /// @param key handed to the handler; need not be unique
    /// @throws IllegalArgumentException if the descriptor is negative or is watched already
    public void add(int fd, int events, long key) {
        set.add(fd, events, key);
    }

    /// Changes what is waited for.
    ///
    /// @throws IllegalArgumentException if the descriptor is not watched
    public void update(int fd, int events) {
        set.update(fd, events);
    }

    /// Stops watching a descriptor. What was ready and not handled yet is dropped. Does nothing if it is not
    /// watched.
    public void remove(int fd) {
        set.remove(fd);
    }

    /// How many descriptors are watched.
    public int size() {
        return set.size();
    }

    /// Waits until something is ready, somebody calls [#wakeup()], the time is over, or a signal arrives; then
    /// calls the handler once for each ready descriptor, on this thread. The handler may add, update and remove.
    ///
    /// @param timeout how long at most, rounded up to a millisecond; zero only looks; more than 24 days wait 24
    ///     days
    /// @return how many handler calls were made
    public int poll(Duration timeout, Handler handler) {
        return set.poll(timeout, handler);
    }

    /// Makes the wait that is under way, or the next one, return at once. Calls before that wait count as one.
    /// Does nothing after [#close()].
    public void wakeup() {
        set.wakeup();
    }

    @Override
    public void close() {
        set.close();
    }

    static int milliseconds(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            return 0;
        }
        long rounded = timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) >= 0
                ? Integer.MAX_VALUE
                : timeout.plusNanos(999_999).toMillis();
        return (int) rounded;
    }
}
