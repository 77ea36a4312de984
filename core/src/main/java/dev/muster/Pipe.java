package dev.muster;

import java.time.Duration;
import java.util.Optional;

/// The outer end of the pipe of a user process, see [Messenger#pipe(int)]; the inner end is its [ProcessContext].
///
/// **Threads:** one may read while another writes; several readers, or several writers, wait for each other. A thread
/// that is interrupted, before or meanwhile, does not wait: it gets an `IllegalStateException` and stays interrupted.
/// Nothing is lost by that, but a write that is interrupted in the middle of the data closes the pipe
/// ([PipeClosedException]).
/// **Lifetime:** whoever opened it closes it; it ends with the process at either end. **Failure:** what was written and
/// not read when a process ends is gone with it; the other end first reads what has reached it, then gets a
/// [PipeClosedException].
public interface Pipe extends AutoCloseable {
    /// The slot of the user process.
    int slot();

    /// STREAM or DATAGRAM, as the process declares it.
    PipeType type();

    /// Writes, waiting while the other end does not read.
    ///
    /// @param data at least one byte; in a DATAGRAM pipe at most `messages.maxSize`
    /// @throws PipeClosedException if the other end is closed
    /// @throws IllegalArgumentException if it is empty or too long
    void write(byte[] data);

    /// The same with text as UTF-8.
    ///
    /// @throws IllegalArgumentException if it contains half of a surrogate pair, too
    void write(String text);

    /// Writes if the other end makes room in time. A time-out in the middle of the data closes the pipe, because
    /// what follows could not be told from the rest.
    ///
    /// @return false if nothing of it was written
    /// @throws PipeClosedException if the other end is closed, or did not read on in time in the middle of the data
    boolean write(byte[] data, Duration wait);

    /// Waits for data: one whole message of a DATAGRAM pipe, up to 64 KiB of what is there of a STREAM.
    ///
    /// @throws PipeClosedException if nothing comes any more
    byte[] read();

    /// The same, but not longer than this.
    ///
    /// @return empty if nothing came in time
    /// @throws PipeClosedException if nothing comes any more
    Optional<byte[]> read(Duration wait);

    /// Writes no more: the other end sees the end after it has read everything. Reading goes on.
    void closeWrite();

    /// Closes both directions. A second call does nothing.
    @Override
    void close();
}
