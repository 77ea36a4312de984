package dev.muster.os;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Waiting for many descriptors in degraded mode: a selector for those that are channels, a call-back for the ends of
/// processes, and a look every few milliseconds at the streams of processes, which the platform cannot wait for
/// without a thread for each.
final class PlainPollSet implements PollSet {
    private static final long LOOK_MILLIS = 20;

    private final Selector selector;
    private final Map<Integer, Entry> entries = new LinkedHashMap<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;

    /// @param selected null if the descriptor is no channel
    /// @param mute true if it has to be asked
    private record Entry(
            int fd,
            long key,
            Descriptors.Descriptor descriptor,
            @Nullable SelectionKey selected,
            boolean mute) {}

    private record Ready(Entry entry, int events) {}

    PlainPollSet() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new NativeException("selector", e);
        }
    }

    @Override
    public void add(int fd, int events, long key) {
        if (fd < 0 || entries.containsKey(fd)) {
            throw new IllegalArgumentException("cannot watch descriptor " + fd + ": "
                    + (fd < 0 ? "it is negative" : "it is watched already; change it with update"));
        }
        Descriptors.Descriptor descriptor = Descriptors.get(fd, "poll");
        SelectableChannel channel = descriptor.channel();
        if (channel == null) {
            boolean announced = descriptor.announce(selector::wakeup);
            entries.put(fd, new Entry(fd, key, descriptor, null, !announced));
            return;
        }
        try {
            var _ = channel.configureBlocking(false);
            if (channel.keyFor(selector) != null) {
                // It was removed a moment ago: the selector forgets it only when it looks.
                var _ = selector.selectNow();
            }
            SelectionKey selected = channel.register(selector, interest(channel, events));
            entries.put(fd, new Entry(fd, key, descriptor, selected, false));
        } catch (IOException e) {
            throw new NativeException("poll(" + fd + ")", e);
        }
    }

    @Override
    public void update(int fd, int events) {
        Entry entry = entries.get(fd);
        if (entry == null) {
            throw new IllegalArgumentException("descriptor " + fd + " is not watched; add it first");
        }
        if (entry.selected != null && entry.selected.isValid()) {
            var _ = entry.selected.interestOps(interest(entry.selected.channel(), events));
        }
    }

    @Override
    public void remove(int fd) {
        Entry entry = entries.remove(fd);
        if (entry != null && entry.selected != null) {
            entry.selected.cancel();
        }
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int poll(Duration timeout, Poller.Handler handler) {
        if (!selector.isOpen()) {
            throw new IllegalStateException("this poller is closed; make a new one");
        }
        List<Ready> ready = await(timeout);
        int calls = 0;
        for (Ready one : ready) {
            if (one.entry.equals(entries.get(one.entry.fd))) {
                handler.ready(one.entry.key, one.events);
                calls++;
            }
        }
        return calls;
    }

    @Override
    public void wakeup() {
        if (!closed) {
            woken.set(true);
            var _ = selector.wakeup();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            selector.close();
        } catch (IOException _) {
            // Nobody could do anything about it.
        }
    }

    private List<Ready> await(Duration timeout) {
        long end = System.nanoTime() + Poller.milliseconds(timeout) * 1_000_000L;
        boolean interrupted = false;
        try {
            while (true) {
                // A selector does not wait while the interrupt flag is set.
                interrupted |= Thread.interrupted();
                List<Ready> ready = select(woken.get() || answers() ? 0 : left(end));
                if (woken.getAndSet(false) || !ready.isEmpty() || end - System.nanoTime() <= 0) {
                    return ready;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// @return milliseconds
    private long left(long end) {
        long left = Math.max(0, (end - System.nanoTime() + 999_999) / 1_000_000);
        boolean mute = entries.values().stream().anyMatch(entry -> entry.mute);
        return mute ? Math.min(left, LOOK_MILLIS) : left;
    }

    /// Those that are no channels.
    private boolean answers() {
        return entries.values().stream().anyMatch(entry -> entry.selected == null && entry.descriptor.ready() != 0);
    }

    /// @return what is ready, in the order in which it was added
    private List<Ready> select(long milliseconds) {
        try {
            int _ = milliseconds > 0 ? selector.select(milliseconds) : selector.selectNow();
        } catch (IOException e) {
            throw new NativeException("poll(" + entries.size() + " descriptors)", e);
        }
        Set<SelectionKey> selected = selector.selectedKeys();
        List<Ready> ready = new ArrayList<>();
        for (Entry entry : entries.values()) {
            int events = entry.selected == null
                    ? entry.descriptor.ready()
                    : selected.contains(entry.selected) && entry.selected.isValid()
                            ? events(entry.selected.readyOps())
                            : 0;
            if (events != 0) {
                ready.add(new Ready(entry, events));
            }
        }
        selected.clear();
        return ready;
    }

    private static int events(int operations) {
        boolean in = (operations & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0;
        boolean out = (operations & SelectionKey.OP_WRITE) != 0;
        return (in ? Poller.IN : 0) | (out ? Poller.OUT : 0);
    }

    private static int interest(SelectableChannel channel, int events) {
        boolean listens = channel instanceof ServerSocketChannel;
        int in = (events & Poller.IN) == 0 ? 0 : listens ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ;
        return in | ((events & Poller.OUT) == 0 ? 0 : SelectionKey.OP_WRITE);
    }
}
