package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.control.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The one way out of a child: closes what is open, flushes what was printed and logged, says the last word to the
/// master, and ends the process.
///
/// **Threads:** the first thread that leaves carries it out; every other that tries stays parked until the process is
/// gone. **Failure:** a step that throws is passed over, and one that hangs is cut off after [#PATIENCE_NANOS]; the
/// exit code is the one that was asked for in any case. A dead master makes no difference.
final class Departure implements WayOut {
    /// How long all steps together may take.
    static final long PATIENCE_NANOS = 10_000_000_000L;

    /// Says something to the master.
    @FunctionalInterface
    interface Mouth {
        /// Sends, blocking while the socket is full.
        void say(Message.FromChild message) throws IOException;
    }

    private final AtomicBoolean begun = new AtomicBoolean();
    private final List<Runnable> steps = new ArrayList<>();
    private final IntConsumer exit;
    private final IntConsumer cutOff;
    private final long patienceNanos;
    private volatile @Nullable Mouth mouth;

    /// @param exit ends the process with the code; does not return, except in tests
    Departure(IntConsumer exit) {
        this(exit, exit, PATIENCE_NANOS);
    }

    /// @param exit ends the process with the code, after the application's shutdown hooks
    /// @param cutOff ends the process with the code, at once
    Departure(IntConsumer exit, IntConsumer cutOff, long patienceNanos) {
        this.exit = exit;
        this.cutOff = cutOff;
        this.patienceNanos = patienceNanos;
    }

    /// The way to the master, once there is one.
    void mouth(Mouth mouth) {
        this.mouth = mouth;
    }

    @Override
    public void closing(Runnable step) {
        synchronized (steps) {
            steps.addFirst(step);
        }
    }

    /// Whether the process is about to end by our own will.
    boolean begun() {
        return begun.get();
    }

    /// Ends the process. Does not return.
    @Override
    public void leave(ExitReason reason, String detail, boolean stay, int code) {
        if (!begun.compareAndSet(false, true)) {
            parkForever();
        }
        try {
            guard(code);
            for (Runnable step : stepsInOrder()) {
                attempt(step);
            }
            attempt(() -> Output.flush());
            attempt(() -> say(new Message.Bye(reason, line(detail), stay)));
        } finally {
            exit.accept(code);
        }
    }

    private List<Runnable> stepsInOrder() {
        synchronized (steps) {
            return List.copyOf(steps);
        }
    }

    private void say(Message.Bye bye) {
        Mouth way = mouth;
        if (way == null) {
            return;
        }
        try {
            way.say(bye);
        } catch (IOException _) {
            // The master is gone or has hung up: the exit code says what it can.
        }
    }

    /// What goes wrong on the way out must not keep the process in.
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            try {
                System.err.println("a step of the departure failed and was passed over: " + failure);
            } catch (Throwable _) {
                // Not even that can be said: the memory is exhausted, perhaps.
            }
        }
    }

    private void guard(int code) {
        attempt(() -> {
            Thread guard = new Thread(null, () -> cutOff(code), "muster-departure", 64 * 1024, false);
            guard.setDaemon(true);
            guard.start();
        });
    }

    private void cutOff(int code) {
        long end = System.nanoTime() + patienceNanos;
        long left = patienceNanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
        cutOff.accept(code);
    }

    /// The first line, so that a message of many lines cannot break the master's tables.
    private static String line(String detail) {
        String flat = detail.replace('\n', ' ').replace('\r', ' ');
        return flat.length() <= 1000 ? flat : flat.substring(0, 1000) + "...";
    }

    private static void parkForever() {
        while (true) {
            LockSupport.park();
            boolean _ = Thread.interrupted();
        }
    }
}
