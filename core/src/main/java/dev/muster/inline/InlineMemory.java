package dev.muster.inline;

import dev.muster.board.BoardException;
import dev.muster.board.BoardFile;
import dev.muster.control.ExitCode;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryException;
import dev.muster.memory.SharedMemory;
import dev.muster.os.Identity;
import dev.muster.supervise.StartException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The shared memory of an application that is one JVM: the same files at the same place, so that the command line
/// finds them.
final class InlineMemory implements AutoCloseable {
    private final Path runDirectory;
    private @Nullable MemoryDirectory directory;

    /// @param runDirectory locked by this application
    InlineMemory(Path runDirectory) {
        this.runDirectory = runDirectory;
    }

    void use() {
        try {
            MemoryDirectory made = MemoryDirectory.create(BoardFile.place(runDirectory), Identity.self());
            directory = made;
            SharedMemory.use(made);
        } catch (BoardException | MemoryException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        MemoryDirectory made = directory;
        if (made != null) {
            SharedMemory.leave(made);
            made.delete();
        }
    }
}
