package dev.muster.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A process that is in the middle of a save until it is killed.
final class HalfSaver {
    private HalfSaver() {}

    /// `DIRECTORY FILE`
    public static void main(String[] args) throws IOException, InterruptedException {
        Application.join(args);
        try (SnapshotPassage passage = SnapshotPassage.to(Path.of(args[1]))) {
            int _ = passage.channel().write(ByteBuffer.wrap("half".getBytes(StandardCharsets.UTF_8)));
            System.out.println("writing");
            System.out.flush();
            Thread.currentThread().join();
        }
    }
}
