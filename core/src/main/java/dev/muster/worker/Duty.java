package dev.muster.worker;

import dev.muster.control.Message;
import dev.muster.os.ProcessTitle;
import dev.muster.scan.Declaration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which slot this process fills, and whether it is to work. It waits from its boot on until the master gives it the
/// work of a slot, and again when it is paused.
///
/// **Threads:** safe for use by many threads, virtual ones included. **Lifetime:** that of the process. **Failure:**
/// with the master gone the process is gone too.
final class Duty {
    /// Says something to the master.
    interface Mouth {
        void tell(Message.FromChild message);
    }

    private final Mouth master;
    private final Declaration declaration;
    private final boolean titled;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final List<Runnable> onPause = new ArrayList<>();
    private final List<Runnable> onWork = new ArrayList<>();
    // Guarded by `lock`.
    private boolean working;
    private boolean quiet;
    private boolean cancelled;
    private volatile boolean paused;
    private volatile int slot;
    private volatile String name;

    /// @param welcome what the master said it is to be
    Duty(Message.Welcome welcome, Declaration declaration, Mouth master) {
        this(welcome, declaration, master, true);
    }

    /// @param titled whether the title of the process is to say what it is
    Duty(Message.Welcome welcome, Declaration declaration, Mouth master, boolean titled) {
        this.master = master;
        this.titled = titled;
        this.declaration = declaration;
        slot = welcome.slot();
        name = welcome.name();
        showTitle();
    }

    /// The number of the slot that it fills.
    int slot() {
        return slot;
    }

    /// Its name, with `#N` when it has siblings.
    String name() {
        return name;
    }

    /// Whether it is to take up no more work. Cheap: it may be asked before each unit.
    boolean paused() {
        return paused;
    }

    /// Runs this when it is paused, and that when it is to work again; neither must block.
    void listen(Runnable pause, Runnable work) {
        lock.lock();
        try {
            onPause.add(pause);
            onWork.add(work);
        } finally {
            lock.unlock();
        }
    }

    /// The master's order to take up the work of a slot.
    void activate(int newSlot, String newName) {
        List<Runnable> told;
        lock.lock();
        try {
            slot = newSlot;
            name = newName;
            working = true;
            quiet = false;
            paused = false;
            told = List.copyOf(onWork);
            change.signalAll();
        } finally {
            lock.unlock();
        }
        showTitle();
        told.forEach(Runnable::run);
        master.tell(new Message.TookUp());
    }

    /// The master's order to come to rest.
    void pause() {
        List<Runnable> told;
        lock.lock();
        try {
            working = false;
            paused = true;
            told = List.copyOf(onPause);
            change.signalAll();
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    /// It has come to rest after [#pause()]: says so to the master, once.
    void rests() {
        lock.lock();
        try {
            if (working || quiet || !paused) {
                return;
            }
            quiet = true;
        } finally {
            lock.unlock();
        }
        master.tell(new Message.Quieted());
    }

    /// Waits until it is to work. Who was paused and waits here is at rest, and the master is told so.
    ///
    /// @return false if the process is to end instead
    boolean await() {
        lock.lock();
        try {
            while (!working && !cancelled) {
                if (paused && !quiet) {
                    quiet = true;
                    tellUnlocked(new Message.Quieted());
                } else {
                    change.awaitUninterruptibly();
                }
            }
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the time, or until it is paused or is to end, whichever is first.
    ///
    /// @return the nanoseconds that are left, 0 or less if the whole time has passed
    /// @throws InterruptedException if somebody wakes the thread
    long awaitPause(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (working && !cancelled && left > 0) {
                left = change.awaitNanos(left);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /// The master's connection may be slow, and an order from it must not wait for that.
    private void tellUnlocked(Message.FromChild message) {
        lock.unlock();
        try {
            master.tell(message);
        } finally {
            lock.lock();
        }
    }

    /// Whoever waits for work waits no longer: the process is to end.
    void cancel() {
        lock.lock();
        try {
            cancelled = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void showTitle() {
        if (titled) {
            boolean _ = ProcessTitle.set(Titles.of(
                    declaration.role(),
                    name,
                    declaration,
                    ProcessHandle.current().pid()));
        }
    }
}
