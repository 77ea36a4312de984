package dev.muster.message;

import dev.muster.config.Settings;
import java.util.concurrent.TimeUnit;

/// The limits of messages, as `messages.*` in the configuration gives them.
///
/// @param maxSize bytes of a message, a task or a result
/// @param inbox bytes that a process may have unread
/// @param backlog how many it may have unread
/// @param sendNanos how long a sender waits for an answer
/// @param eventNanos how long one event may take, 0 for no limit
public record Limits(int maxSize, long inbox, int backlog, long sendNanos, long eventNanos) {
    /// Those of a configuration.
    public static Limits of(Settings settings) {
        return new Limits(
                (int) settings.bytes("messages.maxSize"),
                settings.bytes("messages.inbox"),
                settings.number("messages.backlog"),
                TimeUnit.MILLISECONDS.toNanos(settings.millis("messages.sendTimeout")),
                TimeUnit.MILLISECONDS.toNanos(settings.millis("messages.eventTimeout")));
    }

    long sendMillis() {
        return TimeUnit.NANOSECONDS.toMillis(sendNanos);
    }
}
