package dev.muster;

import java.util.Locale;

/// What a supervised process is for. The order is the order in which slots are numbered and started; they are stopped
/// in the opposite order, so that producers end before the consumers of their work.
public enum Role {
    /// Command line service processes of Muster itself.
    CONSOLE,
    /// HTTP and WebSocket workers.
    WEB,
    /// Ready-made workers for `@Task` methods, `tasks.workers` of them.
    TASK,
    /// Workers of a [Pool].
    POOL,
    /// User processes, see [UserProcess].
    USER;

    /// The word for this role in commands, configuration keys and JSON, for example `user`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
