package dev.muster.supervise;

import dev.muster.os.ControlGroup;
import dev.muster.os.ExitStatus;
import dev.muster.os.NativeException;
import dev.muster.os.Pidfd;
import dev.muster.os.Poller;
import dev.muster.os.Signals;
import dev.muster.os.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// Waits for the ends of children, one pidfd each, and collects exactly those: never `waitpid(-1)`, which would take
/// children from the virtual machine's own process API. Also collects strangers that became children of the master, see
/// [Strangers].
///
/// What an ended child has left running is killed *before* the child is reaped: until then its pid, and with it the
/// number of its process group and session, cannot belong to anybody else.
///
/// **Threads:** a thread of its own; [#expect], [#watch], [#dropped], [#kill] and [#terminate] may be called from any.
/// **Failure:** a process that ends before it is watched is reported all the same; so is one that somebody else has
/// collected, with a status that is unknown.
final class Reaper implements AutoCloseable {
    /// How long the descendants of one child may hold up its end.
    private static final Duration SWEEP = Duration.ofMillis(800);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofMillis(20);

    /// How long after an end its descendants are looked for again: a list of children may miss one while it
    /// changes.
    private static final long AFTERMATH_NANOS = 3_000_000_000L;

    private static final int SHOWN = 10;

    /// Told about each end, on the reaper's thread.
    interface Listener {
        /// The process runs no more, though it is not collected and its descendants may still run.
        void dead(int slot, int life, long pid);

        /// The process was collected, and nothing of it is left that could be found.
        ///
        /// @param outOfMemory whether the kernel has killed it for want of memory in its control group
        void ended(int slot, int life, long pid, ExitStatus status, boolean outOfMemory);

        /// Something that an operator should read.
        ///
        /// @param slot whose matter it is, -1 if nobody's
        void note(int slot, String text);
    }

    private record Child(int slot, int life, int pid, Pidfd pidfd, Optional<ControlGroup> group) {}

    private final Listener listener;
    private final Household household;
    private final ChildGroups groups;
    private final Poller poller = new Poller();
    private final Map<Long, Child> byPid = new HashMap<>();
    private final ConcurrentLinkedQueue<Child> arriving = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().name("reaper").daemon().unstarted(this::run);
    private volatile boolean closed;

    /// Lives that are being spawned or run; guarded by `byPid`.
    private final Set<LifeMark> lives = new HashSet<>();

    // What follows belongs to the reaper's thread.
    private final Strangers strangers;
    private final List<Long> ready = new ArrayList<>();
    private long lookAt = System.nanoTime();
    private long aftermath = lookAt;

    Reaper(Household household, ChildGroups groups, Listener listener) {
        this.household = household;
        this.groups = groups;
        this.listener = listener;
        strangers = new Strangers(this::watched, text -> listener.note(-1, text));
    }

    void start() {
        thread.start();
    }

    /// To be called before a spawn: what the new process starts is not taken for that of a dead one.
    ///
    /// @return the mark of the life
    LifeMark expect(int slot, int life) {
        LifeMark mark = household.mark(slot, life);
        synchronized (byPid) {
            lives.add(mark);
        }
        return mark;
    }

    /// The spawn has failed.
    void dropped(int slot, int life) {
        synchronized (byPid) {
            lives.remove(household.mark(slot, life));
        }
    }

    /// @param pidfd of the process; belongs to the reaper from now on
    /// @param group its control group, if it has one; removed by the reaper
    /// @param announce tells others of the process: from then on they can have it killed, and only after that they
    ///     can hear of its end
    void watch(int slot, int life, int pid, Pidfd pidfd, Optional<ControlGroup> group, Runnable announce) {
        Child child = new Child(slot, life, pid, pidfd, group);
        synchronized (byPid) {
            byPid.put((long) pid, child);
        }
        announce.run();
        arriving.add(child);
        poller.wakeup();
    }

    /// Sends SIGKILL to the process, its process group and its control group, if the process has not been reaped
    /// yet.
    void kill(long pid) {
        synchronized (byPid) {
            Child child = byPid.get(pid);
            if (child != null) {
                Signals.sendGroup(pid, Signals.KILL);
                child.pidfd().signal(Signals.KILL);
                child.group().ifPresent(ControlGroup::kill);
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

    private boolean watched(int pid) {
        synchronized (byPid) {
            return byPid.containsKey((long) pid);
        }
    }

    private boolean lives(LifeMark mark) {
        synchronized (byPid) {
            return lives.contains(mark);
        }
    }

    /// Whether a process was spawned, or is about to be, that is not watched yet: it would look like a stranger.
    private boolean spawning() {
        synchronized (byPid) {
            return lives.size() > byPid.size();
        }
    }

    private void run() {
        while (!closed) {
            guarded(-1, this::round);
        }
        poller.close();
    }

    private void round() {
        for (Child child = arriving.poll(); child != null; child = arriving.poll()) {
            poller.add(child.pidfd().fd(), Poller.IN, child.pid());
        }
        ready.clear();
        int _ = poller.poll(hurry() ? SOON : LOOK, (pid, _) -> ready.add(pid));
        List<Child> dead = new ArrayList<>();
        synchronized (byPid) {
            ready.stream().map(byPid::get).filter(Objects::nonNull).forEach(dead::add);
        }
        // All first: whoever stands by for one of them does not wait for the others to be tidied away.
        dead.forEach(child -> guarded(child.slot(), () -> listener.dead(child.slot(), child.life(), child.pid())));
        dead.forEach(child -> guarded(child.slot(), () -> reap(child)));
        lookAround();
    }

    /// This thread notices the ends of all children: a defect may hold up one of them, but never end the thread.
    private void guarded(int slot, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            listener.note(slot, "internal error while the end of a process was noticed: " + e + "; trying again");
            // What is readable stays so: without a pause this would fill the log.
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /// Whether something that was killed is about to end and to be collected.
    private boolean hurry() {
        return !strangers.dying().isEmpty() && System.nanoTime() - aftermath < 0;
    }

    private void reap(Child child) {
        long pid = child.pid();
        try {
            killLeftBehind(child);
        } catch (RuntimeException e) {
            listener.note(child.slot(), "cannot look for what process " + pid + " has left running: " + e);
        }
        ExitStatus status;
        synchronized (byPid) {
            Optional<ExitStatus> end = collect(child.pid());
            if (end.isEmpty()) {
                return;
            }
            status = end.get();
            byPid.remove(pid);
            lives.remove(household.mark(child.slot(), child.life()));
        }
        poller.remove(child.pidfd().fd());
        child.pidfd().close();
        boolean outOfMemory = status.signal() == Signals.KILL && memoryKilled(child);
        child.group().ifPresent(groups::discard);
        aftermath = System.nanoTime() + AFTERMATH_NANOS;
        listener.ended(child.slot(), child.life(), pid, status, outOfMemory);
    }

    /// Its pidfd says that it has ended. If somebody else has collected it, that is all that anybody will know.
    private static Optional<ExitStatus> collect(int pid) {
        try {
            return Wait.tryReap(pid);
        } catch (NativeException e) {
            if (e.noChild()) {
                return Optional.of(ExitStatus.UNKNOWN);
            }
            throw e;
        }
    }

    private boolean memoryKilled(Child child) {
        boolean shared = groups.killedForMemory();
        return child.group().map(group -> group.memoryKills() > 0).orElse(false) || shared;
    }

    private void killLeftBehind(Child child) {
        long end = System.nanoTime() + SWEEP.toNanos();
        Signals.sendGroup(child.pid(), Signals.KILL);
        if (child.group().isPresent()) {
            while (child.group().get().kill() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(SOON.toNanos() / 20);
            }
        }
        LifeMark own = household.mark(child.slot(), child.life());
        Sweep sweep = Sweep.run(
                this::watched,
                strangers.dying(),
                (stat, mark) -> stat.pgrp() == child.pid()
                        || stat.session() == child.pid()
                        || mark.filter(own::equals).isPresent(),
                Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        tell(child.slot(), "process " + child.pid(), sweep);
    }

    private void tell(int slot, String whose, Sweep sweep) {
        strangers.killed(sweep.killed().keySet());
        Collection<String> names = sweep.killed().values();
        if (!names.isEmpty()) {
            String shown = String.join(", ", names.stream().limit(SHOWN).toList());
            listener.note(
                    slot,
                    whose + " had left " + names.size() + (names.size() == 1 ? " process" : " processes")
                            + " running (" + shown + (names.size() > SHOWN ? ", …" : "") + "); killed"
                            + (sweep.complete() ? "" : "; more are started all the time, the search goes on"));
        }
    }

    /// From time to time: strangers that have ended, and descendants of the dead that no look has found yet.
    private void lookAround() {
        long now = System.nanoTime();
        if (now - lookAt < 0 && !hurry() || spawning()) {
            return;
        }
        lookAt = now + LOOK.toNanos();
        try {
            strangers.look(now);
            groups.tidy(now);
            if (now - aftermath < 0) {
                Sweep sweep = Sweep.run(
                        this::watched,
                        strangers.dying(),
                        (_, mark) -> mark.filter(this::overdue).isPresent(),
                        SWEEP);
                aftermath = sweep.complete() ? aftermath : now + AFTERMATH_NANOS;
                tell(-1, "processes that have ended", sweep);
            }
        } catch (RuntimeException e) {
            listener.note(-1, "cannot look for processes that nobody owns any more: " + e);
        }
    }

    /// Whether this is the mark of one of our lives that is over.
    private boolean overdue(LifeMark mark) {
        return mark.place().equals(household.place()) && mark.master().equals(household.master()) && !lives(mark);
    }

    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            poller.close();
            groups.close();
            return;
        }
        closed = true;
        poller.wakeup();
        try {
            boolean _ = thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        groups.close();
    }
}
