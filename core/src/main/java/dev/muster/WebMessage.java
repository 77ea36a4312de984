package dev.muster;

import java.nio.charset.StandardCharsets;

/// A message that a WebSocket has sent, whole.
///
/// @param connectionId who sent it
/// @param isText whether it came as text, which is UTF-8 then
/// @param data not a copy: do not change it
public record WebMessage(long connectionId, boolean isText, byte[] data) {
    /// The data as UTF-8.
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
