package dev.muster;

import java.nio.charset.StandardCharsets;

/// How an immediate task ended, as [ServerListener#onFinish] is told it.
///
/// @param id what [ImmediateTasks#task(byte[])] returned
/// @param data what `onTask` returned, empty if that was null or the task failed
/// @param failure what went wrong: the exception of `onTask`, or that the worker died with it; empty if nothing did
public record ServerTaskResult(long id, byte[] data, String failure) {
    /// Whether it was run and returned.
    public boolean succeeded() {
        return failure.isEmpty();
    }

    /// The data as UTF-8 text.
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
