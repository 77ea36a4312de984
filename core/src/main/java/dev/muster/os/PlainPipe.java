package dev.muster.os;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/// A pipe in degraded mode. Given to a process that is started, its reading end becomes that process's stream; until
/// then it is a pipe of `java.nio`.
///
/// **Threads:** one for each end. **Lifetime:** each end is closed by its owner. **Failure:** when the process has
/// ended, its stream ends with the last byte that it wrote: what it left running is not heard any more.
final class PlainPipe {
    private static final int PIECE = 32 << 10;

    private @Nullable Pipe channels;
    private @Nullable Source stream;

    /// What a process prints, while it lives and what is left of it.
    private record Source(Process process, InputStream bytes) {}

    private PlainPipe() {}

    /// @return the numbers of the end to read from and the end to write to
    static int[] open() {
        PlainPipe pipe = new PlainPipe();
        return new int[] {Descriptors.add(pipe.new ReadEnd()), Descriptors.add(pipe.new WriteEnd())};
    }

    /// The pipe behind the number of a writing end.
    static PlainPipe writtenTo(int fd) {
        if (Descriptors.get(fd, "posix_spawn") instanceof WriteEnd end) {
            return end.pipe();
        }
        throw new IllegalArgumentException("descriptor " + fd + " cannot be the output of a process here: only the"
                + " writing end of a pipe can, and the standard output and error of this process");
    }

    /// From now on the reading end is the stream of a process.
    synchronized void carry(Process process, InputStream bytes) {
        if (stream != null || channels != null) {
            throw new IllegalStateException("this pipe is in use already; give each process one of its own");
        }
        stream = new Source(process, bytes);
    }

    private synchronized @Nullable Source stream() {
        return stream;
    }

    private synchronized Pipe channels() {
        try {
            Pipe pipe = channels == null ? Pipe.open() : channels;
            channels = pipe;
            return pipe;
        } catch (IOException e) {
            throw new NativeException("pipe2", e);
        }
    }

    private final class ReadEnd implements Descriptors.Descriptor {
        private final byte[] piece = new byte[PIECE];

        @Override
        public int read(ByteBuffer into) throws IOException {
            Source source = stream();
            if (source == null) {
                return channels().source().read(into);
            }
            // In this order: what a process wrote before it ended is there when its end is seen.
            boolean ended = !source.process.isAlive();
            int there = available(source);
            if (there == 0) {
                return ended ? Fd.EOF : 0;
            }
            int count = source.bytes.read(piece, 0, Math.min(Math.min(there, into.remaining()), PIECE));
            if (count > 0) {
                into.put(piece, 0, count);
            }
            return count;
        }

        @Override
        public void nonBlocking() throws IOException {
            if (stream() == null) {
                var _ = channels().source().configureBlocking(false);
            }
        }

        @Override
        public @Nullable SelectableChannel channel() {
            return stream() == null ? channels().source() : null;
        }

        @Override
        public int ready() {
            Source source = stream();
            if (source == null) {
                return 0;
            }
            boolean ended = !source.process.isAlive();
            if (available(source) > 0) {
                return Poller.IN;
            }
            return ended ? Poller.IN | Poller.HUP : 0;
        }

        @Override
        public void close() throws IOException {
            Source source = stream();
            if (source != null) {
                source.bytes.close();
            } else {
                channels().source().close();
            }
        }

        private static int available(Source source) {
            try {
                return source.bytes.available();
            } catch (IOException _) {
                return 0;
            }
        }
    }

    private final class WriteEnd implements Descriptors.Descriptor {
        PlainPipe pipe() {
            return PlainPipe.this;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return channels().sink().write(from);
        }

        @Override
        public void nonBlocking() throws IOException {
            if (stream() == null) {
                var _ = channels().sink().configureBlocking(false);
            }
        }

        @Override
        public @Nullable SelectableChannel channel() {
            return channels().sink();
        }

        @Override
        public void close() throws IOException {
            if (stream() == null) {
                channels().sink().close();
            }
        }
    }
}
