package dev.muster.os;

import static dev.muster.os.Native.INT;
import static dev.muster.os.Native.LONG;
import static dev.muster.os.Native.POINTER;
import static dev.muster.os.Native.SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/// Waiting for many descriptors with `poll(2)`.
final class NativePollSet implements PollSet {
    /// `struct pollfd { int fd; short events; short revents; }`
    private static final int ENTRY = 8;

    private static final int EVENTS_AT = 4;
    private static final int RETURNED_AT = 6;
    private static final int EFD_FLAGS = Fd.O_CLOEXEC | Fd.O_NONBLOCK;

    private static final MethodHandle POLL = Native.function("poll", FunctionDescriptor.of(INT, POINTER, LONG, INT));
    private static final MethodHandle EVENTFD = Native.function("eventfd", FunctionDescriptor.of(INT, INT, INT));

    private final Object wakeLock = new Object();
    private final ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer drain = ByteBuffer.allocateDirect(Long.BYTES);
    private final int wakeFd;
    private boolean wakePending;
    private boolean closed;

    private MemorySegment entries;
    private long[] keys;
    private int count;

    private int[] readyFds = new int[8];
    private long[] readyKeys = new long[8];
    private int[] readyEvents = new int[8];

    NativePollSet() {
        MemorySegment state = Native.state();
        try {
            wakeFd = (int) EVENTFD.invokeExact(state, 0, EFD_FLAGS);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (wakeFd < 0) {
            throw Native.failure(state, "eventfd(0)");
        }
        one.putLong(0, 1L);
        keys = new long[8];
        entries = Arena.ofAuto().allocate(8L * ENTRY, ENTRY);
        append(wakeFd, Poller.IN, 0);
    }

    @Override
    public void add(int fd, int events, long key) {
        if (fd < 0 || indexOf(fd) >= 0) {
            throw new IllegalArgumentException("cannot watch descriptor " + fd + ": "
                    + (fd < 0 ? "it is negative" : "it is watched already; change it with update"));
        }
        append(fd, events, key);
    }

    @Override
    public void update(int fd, int events) {
        int index = indexOf(fd);
        if (index <= 0) {
            throw new IllegalArgumentException("descriptor " + fd + " is not watched; add it first");
        }
        entries.set(SHORT, at(index) + EVENTS_AT, (short) events);
    }

    @Override
    public void remove(int fd) {
        int index = indexOf(fd);
        if (index <= 0) {
            return;
        }
        count--;
        if (index != count) {
            MemorySegment.copy(entries, at(count), entries, at(index), ENTRY);
            keys[index] = keys[count];
        }
    }

    @Override
    public int size() {
        return count - 1;
    }

    @Override
    public int poll(Duration timeout, Poller.Handler handler) {
        int found = await(Poller.milliseconds(timeout));
        if (found <= 0) {
            return 0;
        }
        int ready = collect(found);
        int calls = 0;
        for (int i = 0; i < ready; i++) {
            int index = indexOf(readyFds[i]);
            if (index > 0 && keys[index] == readyKeys[i]) {
                handler.ready(readyKeys[i], readyEvents[i]);
                calls++;
            }
        }
        return calls;
    }

    @Override
    public void wakeup() {
        synchronized (wakeLock) {
            if (!wakePending && !closed) {
                wakePending = true;
                int _ = Fd.write(wakeFd, one.rewind());
            }
        }
    }

    @Override
    public void close() {
        synchronized (wakeLock) {
            if (!closed) {
                closed = true;
                Fd.close(wakeFd);
            }
        }
    }

    private int await(int milliseconds) {
        if (closed) {
            throw new IllegalStateException("this poller is closed; make a new one");
        }
        MemorySegment state = Native.state();
        int found;
        try {
            found = (int) POLL.invokeExact(state, entries, (long) count, milliseconds);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (found < 0 && Native.errno(state) != Errno.EINTR) {
            throw Native.failure(state, "poll(" + count + " descriptors, " + milliseconds + " ms)");
        }
        return found;
    }

    /// Copies the results, so that the handler may change the array that they stand in.
    private int collect(int found) {
        if (readyFds.length < found) {
            readyFds = new int[found];
            readyKeys = new long[found];
            readyEvents = new int[found];
        }
        int ready = 0;
        for (int index = 0; index < count && found > 0; index++) {
            int events = entries.get(SHORT, at(index) + RETURNED_AT);
            if (events == 0) {
                continue;
            }
            found--;
            if (index == 0) {
                clearWakeup();
                continue;
            }
            readyFds[ready] = entries.get(INT, at(index));
            readyKeys[ready] = keys[index];
            readyEvents[ready] = events;
            ready++;
        }
        return ready;
    }

    private void clearWakeup() {
        synchronized (wakeLock) {
            wakePending = false;
            int _ = Fd.read(wakeFd, drain.clear());
        }
    }

    private void append(int fd, int events, long key) {
        if (count == keys.length) {
            MemorySegment larger = Arena.ofAuto().allocate(2L * count * ENTRY, ENTRY);
            MemorySegment.copy(entries, 0, larger, 0, entries.byteSize());
            entries = larger;
            keys = Arrays.copyOf(keys, 2 * count);
        }
        entries.set(INT, at(count), fd);
        entries.set(SHORT, at(count) + EVENTS_AT, (short) events);
        entries.set(SHORT, at(count) + RETURNED_AT, (short) 0);
        keys[count] = key;
        count++;
    }

    private int indexOf(int fd) {
        for (int index = 0; index < count; index++) {
            if (entries.get(INT, at(index)) == fd) {
                return index;
            }
        }
        return -1;
    }

    private static long at(int index) {
        return (long) index * ENTRY;
    }
}
