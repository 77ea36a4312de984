package dev.muster.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that a round of the loop will bring. Whoever waits for it, or for what comes of it, runs the rounds
/// meanwhile if nobody else does ([Lead]).
///
/// **Threads:** any, as `CompletableFuture`.
final class Expected<T> extends CompletableFuture<T> {
    private final PostLoop loop;

    Expected(PostLoop loop) {
        this.loop = loop;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Expected<>(loop);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        boolean watches = helpOrWatch(Long.MAX_VALUE);
        try {
            return super.get();
        } finally {
            end(watches);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = unit.toNanos(timeout);
        long since = System.nanoTime();
        boolean watches = helpOrWatch(nanos);
        try {
            return super.get(nanos - (System.nanoTime() - since), TimeUnit.NANOSECONDS);
        } finally {
            end(watches);
        }
    }

    @Override
    public T join() {
        boolean watches = helpOrWatch(Long.MAX_VALUE);
        try {
            return super.join();
        } finally {
            end(watches);
        }
    }

    /// @return whether it watches, because it cannot help, or not in this time
    private boolean helpOrWatch(long nanos) {
        boolean watches = !isDone() && !loop.help(this::isDone, nanos);
        if (watches) {
            loop.watches();
        }
        return watches;
    }

    private void end(boolean watches) {
        if (watches) {
            loop.watched();
        }
    }
}
