package dev.muster.supervise;

import dev.muster.os.GcShare;
import dev.muster.os.PrivateMemory;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Measures the processes from outside: private memory, and the time that their collectors take. They need not answer,
/// so one that thrashes is measured like any other.
///
/// **Threads:** one of its own, because the kernel walks through the memory of a process for its figure; the methods
/// may be called from any. **Lifetime:** that of the master. **Failure:** a process that is gone is measured no more.
final class Measuring {
    static final long PERIOD_NANOS = 5_000_000_000L;

    /// Memory is looked at each time where it is limited; else every five minutes, for people who ask: with a
    /// hundred processes and every minute it was half of what an idle master did.
    private static final int SELDOM = 60;

    private static final class Subject {
        final long pid;
        final boolean limited;
        volatile boolean fresh = true;
        int looks;
        long memory;

        Subject(long pid, boolean limited) {
            this.pid = pid;
            this.limited = limited;
        }
    }

    private final Map<Integer, Subject> subjects = new ConcurrentHashMap<>();
    private final Queue<Long> gone = new ConcurrentLinkedQueue<>();
    private final GcShare shares = new GcShare();
    private final Consumer<Event> events;
    private final Thread thread = Thread.ofPlatform().name("measure").daemon().unstarted(this::run);

    Measuring(Consumer<Event> events) {
        this.events = events;
    }

    void start() {
        thread.start();
    }

    /// A process has booted: it is measured now and from now on.
    ///
    /// @param limited whether it is recycled by memory
    void watch(int life, long pid, boolean limited) {
        Subject _ = subjects.put(life, new Subject(pid, limited));
        LockSupport.unpark(thread);
    }

    void forget(int life) {
        Subject subject = subjects.remove(life);
        if (subject != null) {
            gone.add(subject.pid);
        }
    }

    private void run() {
        long next = System.nanoTime();
        while (true) {
            boolean all = System.nanoTime() - next >= 0;
            if (all) {
                next = System.nanoTime() + PERIOD_NANOS;
            }
            subjects.forEach((life, subject) -> {
                if (all || subject.fresh) {
                    measure(life, subject);
                }
            });
            for (Long pid = gone.poll(); pid != null; pid = gone.poll()) {
                shares.forget(pid);
            }
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void measure(int life, Subject subject) {
        if (subject.fresh || subject.limited || subject.looks % SELDOM == 0) {
            subject.memory = PrivateMemory.of(subject.pid).orElse(0);
        }
        subject.fresh = false;
        subject.looks++;
        OptionalDouble share = shares.sample(subject.pid);
        int percent = (int) Math.round(100 * share.orElse(0));
        if (subject.memory != 0 && subjects.containsKey(life)) {
            events.accept(new Event.Measured(System.nanoTime(), life, subject.memory, percent));
        }
    }
}
