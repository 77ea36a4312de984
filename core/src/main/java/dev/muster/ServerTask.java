package dev.muster;

import java.nio.charset.StandardCharsets;

/// An immediate task, as [ServerListener#onTask] is given it.
///
/// @param id its number among those of the submitting process
/// @param source slot number of the process that submitted it
/// @param data what it is about; it belongs to the listener
public record ServerTask(long id, int source, byte[] data) {
    /// The data as UTF-8 text.
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
