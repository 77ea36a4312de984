package dev.muster.worker;

import dev.muster.ExitReason;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The way out of a slot whose application is one JVM: the first call says how the life ends, every call unwinds the
/// thread that makes it.
///
/// **Threads:** safe for use by many threads; [#close()] belongs to the thread of the life, as its last act.
/// **Failure:** user code that catches the [LifeEndError] keeps its thread; the life is stopped all the same.
final class InlineDeparture implements WayOut {
    /// How a life ended.
    record End(ExitReason reason, String detail, boolean stay, int code) {}

    private final StopRequest stop;
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private @Nullable End end;

    InlineDeparture(StopRequest stop) {
        this.stop = stop;
    }

    @Override
    public synchronized void closing(Runnable step) {
        steps.addFirst(step);
    }

    @Override
    public void leave(ExitReason reason, String detail, boolean stay, int code) {
        synchronized (this) {
            if (end == null) {
                end = new End(reason, detail, stay, code);
            }
        }
        // Another thread than that of the life may have called; the loop ends after its present run then.
        stop.order();
        throw new LifeEndError();
    }

    /// Carries out the steps, and says how the life ended; a life that never said so has failed.
    End close() {
        while (true) {
            Runnable step;
            synchronized (this) {
                step = steps.poll();
                if (step == null) {
                    return end == null ? new End(ExitReason.ERROR, "its thread ended without a word", false, 1) : end;
                }
            }
            try {
                step.run();
            } catch (RuntimeException | Error failure) {
                System.getLogger("dev.muster.worker")
                        .log(
                                System.Logger.Level.WARNING,
                                "a step of the end of a slot failed and was passed over",
                                failure);
            }
        }
    }
}
