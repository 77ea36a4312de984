package dev.muster.memory;

import java.util.concurrent.atomic.AtomicBoolean;

/// A message that was received and is not confirmed yet. One of [#confirm()] and [#giveBack()] ends it; if the process
/// dies before, the message comes back.
///
/// **Threads:** any, also another one than that which received it. **Lifetime:** until it is confirmed, given back or
/// closed; one that is forgotten stays unconfirmed until the process ends.
///
/// @param <T> of the message
public final class Delivery<T> implements AutoCloseable {
    private final ChannelFile file;
    private final int hand;
    private final byte[] bytes;
    private final int deliveries;
    private final Codec<T> codec;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Delivery(ChannelFile file, int hand, Codec<T> codec) {
        this.file = file;
        this.hand = hand;
        this.codec = codec;
        bytes = file.received(hand);
        deliveries = file.deliveries(hand);
    }

    /// The message.
    ///
    /// @throws RuntimeException of the codec; confirm it to be rid of it
    public T message() {
        return codec.decode(bytes);
    }

    /// How often it was received, this time included: more than 1 if a consumer before died or gave it back.
    public int deliveries() {
        return deliveries;
    }

    /// The message was dealt with and does not come back.
    ///
    /// @throws IllegalStateException if it was confirmed or given back before
    public void confirm() {
        if (!open.compareAndSet(true, false)) {
            throw new IllegalStateException("this message was confirmed or given back before");
        }
        try {
            file.confirm(hand);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Lets another consumer have it, or this one again.
    ///
    /// @throws IllegalStateException if it was confirmed or given back before
    public void giveBack() {
        if (!open.compareAndSet(true, false)) {
            throw new IllegalStateException("this message was confirmed or given back before");
        }
        try {
            file.giveBack(hand);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Gives it back, unless that or a confirmation was done.
    @Override
    public void close() {
        if (open.get()) {
            giveBack();
        }
    }
}
