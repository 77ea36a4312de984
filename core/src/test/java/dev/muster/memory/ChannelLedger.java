package dev.muster.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the processes of [ChannelWorker] have written down.
final class ChannelLedger {
    record Line(long producer, long number) {}

    private ChannelLedger() {}

    static List<Line> read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
            List<Line> lines = new ArrayList<>();
            while (bytes.remaining() >= ChannelWorker.LINE) {
                lines.add(new Line(bytes.getLong(), bytes.getLong()));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
