package dev.muster.supervise;

import dev.muster.os.ExitStatus;
import dev.muster.os.Pidfd;
import dev.muster.os.Poller;
import dev.muster.os.Signals;
import dev.muster.os.Wait;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Waits for the ends of children, one pidfd each, and collects exactly those: never `waitpid(-1)`, which would take
/// children from the virtual machine's own process API.
///
/// What is left of an ended child's process group is killed *before* the child is reaped: until then its pid, and with
/// it the number of the group, cannot belong to anybody else.
///
/// **Threads:** a thread of its own; [#watch] and [#kill] may be called from any. **Failure:** a process that ends
/// before it is watched is reported all the same.
final class Reaper implements AutoCloseable {
    private static final Duration LONGEST_POLL = Duration.ofSeconds(10);

    /// Told about each end, on the reaper's thread.
    interface Listener {
        void ended(int slot, int life, long pid, ExitStatus status);
    }

    private record Child(int slot, int life, int pid, Pidfd pidfd) {}

    private final Listener listener;
    private final Poller poller = new Poller();
    private final Map<Long, Child> byPid = new HashMap<>();
    private final ConcurrentLinkedQueue<Child> arriving = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("reaper").daemon().unstarted(this::run);
    private volatile boolean closed;

    Reaper(Listener listener) {
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    /// @param pidfd of the process; belongs to the reaper from now on
    void watch(int slot, int life, int pid, Pidfd pidfd) {
        Child child = new Child(slot, life, pid, pidfd);
        synchronized (byPid) {
            byPid.put((long) pid, child);
        }
        arriving.add(child);
        poller.wakeup();
    }

    /// Sends SIGKILL to the process and its group, if the process has not been reaped yet.
    void kill(long pid) {
        synchronized (byPid) {
            Child child = byPid.get(pid);
            if (child != null) {
                Signals.sendGroup(pid, Signals.KILL);
                child.pidfd().signal(Signals.KILL);
            }
        }
    }

    /// Sends SIGTERM to the process alone, if it has not been reaped yet.
    void terminate(long pid) {
        synchronized (byPid) {
            Child child = byPid.get(pid);
            if (child != null) {
                child.pidfd().signal(Signals.TERM);
            }
        }
    }

    private void run() {
        while (!closed) {
            for (Child child = arriving.poll(); child != null; child = arriving.poll()) {
                poller.add(child.pidfd().fd(), Poller.IN, child.pid());
            }
            poller.poll(LONGEST_POLL, (pid, _) -> reap(pid));
        }
        poller.close();
    }

    private void reap(long pid) {
        Child child;
        ExitStatus status;
        synchronized (byPid) {
            child = byPid.get(pid);
            if (child == null) {
                return;
            }
            Signals.sendGroup(pid, Signals.KILL);
            Optional<ExitStatus> end = Wait.tryReap(child.pid());
            if (end.isEmpty()) {
                return;
            }
            status = end.get();
            byPid.remove(pid);
        }
        poller.remove(child.pidfd().fd());
        child.pidfd().close();
        listener.ended(child.slot(), child.life(), pid, status);
    }

    @Override
    public void close() {
        closed = true;
        poller.wakeup();
    }
}
