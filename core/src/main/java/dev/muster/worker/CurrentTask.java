package dev.muster.worker;

import dev.muster.board.BoardSlot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a pool worker is working on, shown on the board so that it outlives the process: what user code says, else the
/// message of the task that runs; of several the one that has run for longest.
///
/// **Threads:** safe for use by many threads.
final class CurrentTask {
    private final BoardSlot slot;
    private @Nullable String said;
    private final Map<String, String> running = new LinkedHashMap<>();

    CurrentTask(BoardSlot slot) {
        this.slot = slot;
    }

    /// What user code says; null takes it back.
    ///
    /// @throws IllegalArgumentException if it is too long for the board; what was said before stays
    synchronized void say(@Nullable String task) {
        slot.text(task == null ? oldest() : task);
        said = task;
    }

    /// A task begins.
    ///
    /// @param message its message; where that is too long for the board, the id stands for it
    synchronized void begins(String id, String message) {
        running.put(id, fits(message) ? message : id);
        show();
    }

    /// It is over.
    synchronized void ends(String id) {
        running.remove(id);
        show();
    }

    /// As `exiting` gets it; null if nothing is being worked on.
    synchronized @Nullable String text() {
        return said == null ? oldest() : said;
    }

    private void show() {
        if (said == null) {
            slot.text(oldest());
        }
    }

    private @Nullable String oldest() {
        return running.isEmpty() ? null : running.values().iterator().next();
    }

    private static boolean fits(String message) {
        int bytes = 0;
        for (int i = 0; i < message.length() && bytes <= BoardSlot.TEXT_BYTES; i++) {
            char c = message.charAt(i);
            // Each half of a surrogate pair counts for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes <= BoardSlot.TEXT_BYTES;
    }
}
