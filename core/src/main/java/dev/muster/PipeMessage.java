package dev.muster;

import java.nio.charset.StandardCharsets;

/// What [ServerListener#onPipeMessage] is told.
///
/// @param source slot number of the process that sent it
/// @param data what it sent, from 0 bytes to `messages.maxSize`; it belongs to the listener
public record PipeMessage(int source, byte[] data) {
    /// The data as UTF-8 text.
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
