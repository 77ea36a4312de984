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
import java.util.function.BooleanSupplier;

/// Accepts, reads, and writes what a socket did not take at once: on a thread of its own, or on one that waits for what
/// comes ([Lead]).
///
/// **Threads:** [#execute], [#later] and the waiting from any; everything that it runs must not block. **Lifetime:**
/// from the first use of the [Post] until its end. **Failure:** an error of one connection ends that connection.
final class PostLoop implements Lead.Rounds {
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
    private final boolean shared;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((one, other) -> Long.signum(one.due() - other.due()));
    private final Eagerness eagerness = new Eagerness();
    private final Thread thread;
    private final Lead lead;
    /// For whoever reads in a round.
    final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);

    private PostLoop(Selector selector, boolean shared) {
        this.selector = selector;
        this.shared = shared;
        thread = new Thread(null, this::run, "muster-messages", 256 * 1024, false);
        thread.setDaemon(true);
        lead = new Lead(this, thread);
    }

    /// @param shared whether threads that wait may run its rounds
    static PostLoop start(boolean shared) {
        try {
            PostLoop loop = new PostLoop(Selector.open(), shared);
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

    /// Whether the present thread is in a round.
    boolean here() {
        return lead.here();
    }

    /// Runs rounds on the calling thread until what it waits for is there, see [Lead#help]. If that is not
    /// possible, or takes longer, the caller watches: it waits in its own way until [#watched].
    ///
    /// @return whether it watches
    boolean helpOrWatch(BooleanSupplier there, long nanos) {
        if (there.getAsBoolean() || shared && lead.help(there, nanos)) {
            return false;
        }
        lead.watches();
        return true;
    }

    /// The end of a wait.
    ///
    /// @param watches what [#helpOrWatch] has said
    void watched(boolean watches) {
        if (watches) {
            lead.watched();
        }
    }

    /// Runs the action in a round, soon.
    void execute(Runnable action) {
        orders.add(action);
        if (!here()) {
            selector.wakeup();
        }
    }

    /// Runs the action in a round after this time.
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

    private void run() {
        lead.run();
    }

    @Override
    public boolean round(long nanos) {
        try {
            select(nanos);
            obey();
            return selector.isOpen();
        } catch (ClosedSelectorException _) {
            return false;
        }
    }

    @Override
    public void interrupt() {
        selector.wakeup();
    }

    /// @param most nanoseconds, `Long.MAX_VALUE` for no limit: then this is the loop's own thread, or one without
    ///     haste
    private void select(long most) {
        try {
            Timer next = timers.peek();
            long wait = next == null ? most : Math.min(most, next.due() - System.nanoTime());
            if (!orders.isEmpty() || wait <= 0) {
                int _ = selector.selectNow(this::ready);
            } else if (Thread.currentThread().equals(thread)) {
                int _ = selector.select(this::ready, millis(wait));
            } else {
                selectEagerly(millis(wait));
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "waiting for sockets failed; messages go on", e);
        }
    }

    /// At least 1; 0 for no limit.
    private static long millis(long nanos) {
        return nanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    private void selectEagerly(long millis) throws IOException {
        long since = eagerness.begin();
        while (eagerness.looksAgain(since)) {
            if (selector.selectNow(this::ready) > 0 || !orders.isEmpty()) {
                return;
            }
        }
        int _ = selector.select(this::ready, millis);
        eagerness.slept(since);
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
