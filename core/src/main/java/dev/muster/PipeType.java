package dev.muster;

/// What kind of pipe a user process has. The numbers of the constants are those of Swoole: 0, 1, 2.
public enum PipeType {
    /// None: [ProcessContext#write] and [ProcessContext#read] are errors, and nobody can send it messages.
    NONE,
    /// A stream of bytes without bounds: one read may return parts of several writes, or several reads one write.
    STREAM,
    /// Messages that keep their bounds: one read returns what one write wrote, whole.
    DATAGRAM
}
