package dev.muster.supervise;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/// Asks a process, over its control connection, to write a thread dump with virtual threads as JSON.
@FunctionalInterface
interface DumpAsker {
    /// @param file where it should write; an absolute path, does not exist yet
    /// @return true once the file is complete, false if the process could not write it or cannot be asked; never
    ///     completes if the process does not answer
    CompletableFuture<Boolean> ask(Path file);
}
