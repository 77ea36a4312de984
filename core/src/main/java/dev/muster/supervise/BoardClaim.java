package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// That no other running master has the board of this name. The lock of the run directory says so where the board is in
/// it. Elsewhere the name is made of the path of the run directory, and containers that share `/dev/shm` may each have
/// a directory of that path: pids, which mean other processes in each of them, cannot tell such masters apart, a lock
/// can.
///
/// **Lifetime:** the master's. **Failure:** the lock ends with its holder, however that ends.
final class BoardClaim implements AutoCloseable {
    private final Path file;
    private final Optional<RunLock> lock;

    private BoardClaim(Path file, Optional<RunLock> lock) {
        this.file = file;
        this.lock = lock;
    }

    /// @param board where the board of this run directory is to be
    /// @throws StartException if another master has it, or it cannot be found out
    static BoardClaim of(Path runDirectory, Path board) {
        Path file = board.resolveSibling(board.getFileName() + ".lock");
        try {
            if (board.startsWith(runDirectory.toRealPath())) {
                return new BoardClaim(file, Optional.empty());
            }
            Optional<RunLock> lock = RunLock.tryAcquire(file);
            if (lock.isPresent()) {
                return new BoardClaim(file, lock);
            }
            // In the same container it has a pid that means something here, and a better word for the operator.
            Object _ = Inheritance.of(board, (_, _) -> {});
            throw taken(board, RunLock.holder(file));
        } catch (IOException | NativeException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE,
                    "the lock " + file + " cannot be taken: " + e.getMessage()
                            + "; make room there, mend its permissions or give another run.dir");
        }
    }

    private static StartException taken(Path board, Optional<Long> holder) {
        return new StartException(
                ExitCode.ALREADY_RUNNING,
                "the board " + board + " belongs to a master that runs"
                        + holder.map(pid -> ", with the pid " + pid + " in its container,")
                                .orElse("")
                        + " and that has another run directory of the same path: containers that share /dev/shm need a"
                        + " run.dir each of another path, or one in a tmpfs of their own");
    }

    @Override
    public void close() {
        if (lock.isPresent()) {
            try {
                // Before it is given back: who has found the file by now has found it locked.
                Files.deleteIfExists(file);
            } catch (IOException e) {
                System.err.println("muster: cannot remove " + file + ": " + e.getMessage());
            } finally {
                lock.get().close();
            }
        }
    }
}
