package dev.muster.concurrency.memory;

import dev.muster.concurrency.Payload;
import dev.muster.memory.Channel;
import dev.muster.memory.Delivery;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// What the tests do with a channel of payloads.
///
/// **Threads:** safe for use by many threads, as channels are.
final class Messages {
    private Messages() {}

    /// The digit of the next message, or 0 if there is none.
    static int next(Channel<byte[]> channel) {
        byte[] message = channel.poll();
        return message == null ? 0 : Payload.read(message, message.length);
    }

    /// Receives the next message, and ends its delivery.
    ///
    /// @param end `Delivery::confirm` or `Delivery::giveBack`
    /// @return its digit, or 0 if there is none
    static int receive(Channel<byte[]> channel, Consumer<Delivery<byte[]>> end) {
        try {
            Optional<Delivery<byte[]>> delivery = channel.receive(Duration.ZERO);
            if (delivery.isEmpty()) {
                return 0;
            }
            byte[] message = delivery.get().message();
            end.accept(delivery.get());
            return Payload.read(message, message.length);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes out what an earlier state has left.
    static void empty(Channel<byte[]> channel) {
        byte[] left = channel.poll();
        while (left != null) {
            left = channel.poll();
        }
    }
}
