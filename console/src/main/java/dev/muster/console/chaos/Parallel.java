package dev.muster.console.chaos;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Something that runs beside its caller.
final class Parallel {
    private Parallel() {}

    /// Starts it on a thread of its own.
    static <T> CompletableFuture<T> start(String name, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread _ = Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                boolean _ = result.complete(work.get());
            } catch (RuntimeException e) {
                boolean _ = result.completeExceptionally(e);
            }
        });
        return result;
    }
}
