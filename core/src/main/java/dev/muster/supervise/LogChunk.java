package dev.muster.supervise;

/// Whole lines on their way to a file of the log directory.
///
/// @param loss what is lost if these lines are; of a line that reports a loss, that one
record LogChunk(String file, byte[] lines, Loss loss, boolean report, boolean echoed) {
    static LogChunk of(String file, byte[] lines, int count, boolean echoed) {
        return new LogChunk(file, lines, new Loss(count, lines.length), false, echoed);
    }

    Loss lossFrom(int unwritten) {
        return report ? loss : new Loss(feeds(lines, unwritten), lines.length - unwritten);
    }

    static int feeds(byte[] lines, int from) {
        int count = 0;
        for (int i = from; i < lines.length; i++) {
            count += lines[i] == '\n' ? 1 : 0;
        }
        return count;
    }

    /// What was not written.
    record Loss(long lines, long bytes) {
        Loss plus(Loss other) {
            return new Loss(lines + other.lines, bytes + other.bytes);
        }
    }
}
