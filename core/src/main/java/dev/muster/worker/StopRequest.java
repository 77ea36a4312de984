package dev.muster.worker;

import dev.muster.ExitReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whether this process was asked to end, and by whom. Once asked for, it stays asked for.
///
/// **Threads:** safe for use by many threads, virtual ones included.
final class StopRequest {
    private enum Cause {
        NONE,
        SIGNAL,
        ORDER
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile Cause cause = Cause.NONE;

    /// The master ordered it. Beats a signal that came before: the master sends TERM too when its order is not
    /// followed.
    void order() {
        ask(Cause.ORDER);
    }

    /// A TERM arrived.
    void signal() {
        ask(Cause.SIGNAL);
    }

    boolean asked() {
        return cause != Cause.NONE;
    }

    /// Why the process ends once it has stopped.
    ExitReason reason() {
        return cause == Cause.SIGNAL ? ExitReason.SIGNAL : ExitReason.REQUESTED;
    }

    /// Beside [#reason()]: the number of the signal, empty for an order.
    String detail() {
        return cause == Cause.SIGNAL ? "15" : "";
    }

    /// Runs the action when a stop is asked for, or now if it was. It must not block.
    void onStop(Runnable action) {
        lock.lock();
        try {
            if (!asked()) {
                listeners.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /// Waits for the time or a stop, whichever is first.
    ///
    /// @return true if the whole time has passed, false if a stop was or is asked for
    boolean sleep(Duration duration) throws InterruptedException {
        long nanos = saturatedNanos(duration);
        lock.lockInterruptibly();
        try {
            while (!asked()) {
                if (nanos <= 0) {
                    return true;
                }
                nanos = change.awaitNanos(nanos);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void ask(Cause by) {
        List<Runnable> told;
        lock.lock();
        try {
            if (cause.compareTo(by) >= 0) {
                return;
            }
            cause = by;
            change.signalAll();
            told = List.copyOf(listeners);
            listeners.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    /// Nanoseconds of a duration, the longest possible for one that does not fit.
    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException _) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
