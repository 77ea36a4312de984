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
        boolean watches = loop.helpOrWatch(this::isDone, Long.MAX_VALUE);
        try {
            return super.get();
        } finally {
            loop.watched(watches);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long nanos = unit.toNanos(timeout);
        long since = System.nanoTime();
        boolean watches = loop.helpOrWatch(this::isDone, nanos);
        try {
            return super.get(nanos - (System.nanoTime() - since), TimeUnit.NANOSECONDS);
        } finally {
            loop.watched(watches);
        }
    }

    @Override
    public T join() {
        boolean watches = loop.helpOrWatch(this::isDone, Long.MAX_VALUE);
        try {
            return super.join();
        } finally {
            loop.watched(watches);
        }
    }
}
