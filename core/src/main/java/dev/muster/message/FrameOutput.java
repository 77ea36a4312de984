package dev.muster.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/// The frames that wait to be written to one connection, in order. Many small ones go out in one write.
///
/// **Threads:** safe for use by many threads; whoever calls [#flush] writes what all have added.
final class FrameOutput {
    private static final int STAGE = 16 << 10;

    private final WritableByteChannel channel;
    private final long limit;
    private final Deque<Frame> waiting = new ArrayDeque<>();
    /// The frames that end on the stage, behind what is written.
    private final Deque<Staged> staged = new ArrayDeque<>();
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE).limit(0);
    private long bytes;
    /// How much of the first waiting frame stands on the stage or is written.
    private int begun;
    /// Nothing is written any more.
    private boolean broken;

    /// @param end the position on the stage behind its last byte
    private record Staged(Frame frame, int end) {}

    /// @param limit bytes that may wait
    FrameOutput(WritableByteChannel channel, long limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /// Adds a frame. One is taken however long it is, if nothing else waits.
    ///
    /// @return false if there is no room
    synchronized boolean add(Frame frame) {
        if (bytes > 0 && bytes + frame.size() > limit) {
            return false;
        }
        bytes += frame.size();
        waiting.addLast(frame);
        return true;
    }

    /// Takes a frame back of which nothing is written.
    ///
    /// @return false if it is written or begun, or stands on the stage, from which it will be written
    synchronized boolean withdraw(Frame frame) {
        if (begun > 0 && waiting.getFirst().equals(frame) || !waiting.remove(frame)) {
            return false;
        }
        bytes -= frame.size();
        return true;
    }

    /// Whether a part of the frame is certainly not written.
    synchronized boolean waits(Frame frame) {
        return waiting.contains(frame) || staged.stream().anyMatch(ahead -> ahead.frame.equals(frame));
    }

    /// Writes as much as the socket takes.
    ///
    /// @return whether nothing waits any more
    /// @throws IOException if the socket has failed, or an error in this process before: the connection has to end
    synchronized boolean flush() throws IOException {
        if (broken) {
            throw new IOException("what waits to be written is not whole any more, after an error in this process");
        }
        try {
            return write();
        } catch (RuntimeException | Error e) {
            // The caller may be at the end of his stack. What stands on the stage by now may be half a frame, or what
            // was written before.
            broken = true;
            throw e;
        }
    }

    private boolean write() throws IOException {
        while (true) {
            fillStage();
            if (!stage.hasRemaining()) {
                return true;
            }
            bytes -= channel.write(stage);
            while (!staged.isEmpty() && staged.getFirst().end <= stage.position()) {
                Staged _ = staged.removeFirst();
            }
            if (stage.hasRemaining()) {
                return false;
            }
        }
    }

    private void fillStage() {
        if (stage.hasRemaining()) {
            return;
        }
        stage.clear();
        while (!waiting.isEmpty()) {
            Frame frame = waiting.getFirst();
            if (begun == 0) {
                if (stage.remaining() < Frame.HEADER) {
                    break;
                }
                frame.writeHeader(stage);
                begun = Frame.HEADER;
            }
            int from = begun - Frame.HEADER;
            int piece = Math.min(stage.remaining(), frame.payload().length - from);
            stage.put(frame.payload(), from, piece);
            begun += piece;
            if (begun < frame.size()) {
                break;
            }
            // Until it is written it is in one of them, whatever fails between the two.
            staged.addLast(new Staged(frame, stage.position()));
            waiting.removeFirst();
            begun = 0;
        }
        stage.flip();
    }
}
