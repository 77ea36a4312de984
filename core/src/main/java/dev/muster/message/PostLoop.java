package dev.muster.message;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// The one thread of a process that accepts, reads, and writes what a socket did not take at once.
///
/// **Threads:** [#execute] and [#later] from any; everything that it runs must not block. **Lifetime:** from the first
/// use of the [Post] until its end. **Failure:** an error of one connection ends that connection.
final class PostLoop implements Runnable {
    private static final System.Logger LOG = System.getLogger("dev.muster.message");
    private static final int BUFFER = 128 << 10;

    /// Something that waits for a socket.
    interface Watcher {
        /// The socket of the key is ready.
        void ready(SelectionKey key) throws IOException;

        /// It has failed: closes it.
        void failed(IOException why);
    }

    private record Timer(long due, Runnable action) {}

    private final Selector selector;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((one, other) -> Long.signum(one.due() - other.due()));
    private final Thread thread;
    /// For whoever reads on this thread.
    final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);

    private PostLoop(Selector selector) {
        this.selector = selector;
        thread = new Thread(null, this, "muster-messages", 256 * 1024, false);
        thread.setDaemon(true);
    }

    static PostLoop start() {
        try {
            PostLoop loop = new PostLoop(Selector.open());
            loop.thread.start();
            return loop;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot send or take messages: no selector (" + e.getMessage()
                            + "); is the limit of open files too low?",
                    e);
        }
    }

    Selector selector() {
        return selector;
    }

    boolean here() {
        return Thread.currentThread().equals(thread);
    }

    /// Runs the action on the thread of the loop, soon.
    void execute(Runnable action) {
        orders.add(action);
        if (!here()) {
            selector.wakeup();
        }
    }

    /// Runs the action on the thread of the loop after this time.
    void later(long nanos, Runnable action) {
        long due = System.nanoTime() + nanos;
        execute(() -> timers.add(new Timer(due, action)));
    }

    /// Ends the thread after what was ordered before.
    void stop() {
        execute(this::close);
    }

    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }

    @Override
    public void run() {
        try {
            while (selector.isOpen()) {
                select();
                obey();
            }
        } catch (ClosedSelectorException _) {
            // Stopped.
        }
    }

    private void select() {
        try {
            Timer next = timers.peek();
            long wait = next == null ? 0 : TimeUnit.NANOSECONDS.toMillis(next.due() - System.nanoTime()) + 1;
            if (!orders.isEmpty() || next != null && wait <= 0) {
                int _ = selector.selectNow(this::ready);
            } else {
                int _ = selector.select(this::ready, wait);
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "waiting for sockets failed; messages go on", e);
        }
    }

    private void ready(SelectionKey key) {
        Watcher watcher = (Watcher) key.attachment();
        try {
            watcher.ready(key);
        } catch (IOException e) {
            watcher.failed(e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "an error of Muster itself on a connection for messages; it is closed", e);
            watcher.failed(new IOException(e));
        }
    }

    private void obey() {
        long now = System.nanoTime();
        Timer timer = timers.peek();
        while (timer != null && timer.due() - now <= 0) {
            Timer _ = timers.poll();
            attempt(timer.action());
            timer = timers.peek();
        }
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            attempt(order);
        }
    }

    private static void attempt(Runnable action) {
        try {
            action.run();
        } catch (ClosedSelectorException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "an error of Muster itself in the loop of messages; it goes on", e);
        }
    }

    private void close() {
        try {
            selector.close();
        } catch (IOException _) {
            // Nothing is left to be told.
        }
    }
}
