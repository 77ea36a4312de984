package dev.muster.examples.demo;

import dev.muster.memory.Channel;
import java.util.Objects;

/// What waits to be pushed to the pages that are open: put by whoever has something to say, in any process, taken by
/// [WebSocketPushProcess].
final class Pushes {
    static final Channel<Push> CHANNEL = Channel.json("pushes", 1_024, 4_096, Push.class);

    private Pushes() {}

    /// A message for pages.
    ///
    /// @param userId whose pages get it; empty for all
    record Push(String userId, String text) {
        Push {
            Objects.requireNonNull(userId, "userId");
            Objects.requireNonNull(text, "text");
        }
    }
}
