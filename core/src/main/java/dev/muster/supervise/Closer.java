package dev.muster.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Undoes steps, the last one first. Whoever opens several things one after the other leaves each of them here as soon
/// as it is open, so that a step that fails leaves nothing of those before it.
///
/// **Threads:** one. **Lifetime:** closed by its owner, who may go on to use it; [#release()] makes it forget what it
/// holds. **Failure:** a step that cannot be undone does not keep the others from it: its exception is thrown when all
/// have been tried.
final class Closer implements AutoCloseable {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    /// Keeps what was just opened.
    ///
    /// @param close called once, from [#close()]
    /// @return what was opened
    <T> T keep(T opened, Consumer<? super T> close) {
        onClose(() -> close.accept(opened));
        return opened;
    }

    /// What undoes the step that was just taken.
    void onClose(Runnable step) {
        steps.push(step);
    }

    /// The last step has succeeded: whoever has what was opened closes it from now on.
    void release() {
        steps.clear();
    }

    @Override
    public void close() {
        Runnable step = steps.poll();
        if (step == null) {
            return;
        }
        // The statement does what is wanted: the rest is undone in any case, and the first exception has the others.
        try (Closer _ = this) {
            step.run();
        }
    }
}
