package dev.muster.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file of zeros that are really written: where memory is short, that fails, and no later store can.
final class ZeroFile {
    private static final int CHUNK = 1 << 20;

    private ZeroFile() {}

    /// Makes it, mode 0600. What is there of it after a failure is the caller's to remove.
    static void write(Path file, long length) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(length, CHUNK));
            for (long left = length; left > 0; left -= zeros.position()) {
                zeros.clear().limit((int) Math.min(left, zeros.capacity()));
                while (zeros.hasRemaining()) {
                    var _ = channel.write(zeros);
                }
            }
        }
    }
}
