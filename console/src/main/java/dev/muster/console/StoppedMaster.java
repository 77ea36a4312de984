package dev.muster.console;

import dev.muster.control.ControlClient;
import dev.muster.os.ProcFs;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Watches over a master that was asked something: one that is stopped (SIGSTOP, a debugger) takes the question and
/// never answers. Then the connection is closed, which ends the wait of whoever asked.
///
/// **Threads:** one of its own, until it is closed.
final class StoppedMaster implements AutoCloseable {
    private static final long BETWEEN_LOOKS_MILLIS = 500;
    private static final int LOOKS = 4;

    private final long pid;
    private final ControlClient client;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean seen;

    private StoppedMaster(long pid, ControlClient client) {
        this.pid = pid;
        this.client = client;
    }

    /// @param pid of the master
    /// @param client through which it was asked
    static StoppedMaster over(long pid, ControlClient client) {
        StoppedMaster watch = new StoppedMaster(pid, client);
        Thread _ = Thread.ofVirtual().name("stopped-master").start(watch::look);
        return watch;
    }

    /// Whether it is stopped, and the connection was closed for that.
    boolean seen() {
        return seen;
    }

    long pid() {
        return pid;
    }

    private void look() {
        int stopped = 0;
        try {
            while (!over.await(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean now = ProcFs.stat(pid)
                        .filter(stat -> stat.state() == 'T' || stat.state() == 't')
                        .isPresent();
                stopped = now ? stopped + 1 : 0;
                if (stopped == LOOKS) {
                    seen = true;
                    client.close();
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // It is closed all the same.
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
