package dev.muster.memory;

import static dev.muster.memory.ChannelDescriptor.HANDS;
import static dev.muster.memory.ChannelDescriptor.HAND_DELIVERIES_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HAND_MESSAGE_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HAND_OWNERS_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HAND_POSITION_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HAND_RETURNED;
import static dev.muster.memory.ChannelDescriptor.MESSAGE_BODY_OFFSET;
import static dev.muster.memory.ChannelDescriptor.MESSAGE_LENGTH_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;

/// The messages of a channel that were received and are not confirmed: each lies in a hand, whose owner word says which
/// process has it. If that process dies, the message is there for the next one.
///
/// **Threads:** everything under the lock of the head, but for [#release], which is the owner's. **Failure:** a
/// consumer that dies before the head has moved has left the message in the ring too; [#dropUnmoved] tells by the
/// position.
final class ChannelHands {
    private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

    private final MemorySegment memory;
    private final ChannelLayout layout;
    private long looked = System.nanoTime() - BETWEEN_LOOKS_NANOS;

    ChannelHands(MemorySegment memory, ChannelLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /// A hand whose message waits for a consumer: it was given back, or its owner has died.
    ///
    /// @param idle whether there is nothing else to do
    /// @return -1 if there is none, or it is not time yet to ask the operating system
    int returned(boolean idle) {
        boolean ask = due();
        for (int hand = 0; (ask || idle) && hand < HANDS; hand++) {
            long owner = owner(hand);
            if (owner == HAND_RETURNED || ask && owner != Owner.NONE && Owner.dead(owner)) {
                return hand;
            }
        }
        if (ask) {
            looked = System.nanoTime();
        }
        return -1;
    }

    private boolean due() {
        return System.nanoTime() - looked >= BETWEEN_LOOKS_NANOS;
    }

    /// A hand with nothing in it, or -1.
    int free() {
        for (int hand = 0; hand < HANDS; hand++) {
            if (isFree(hand)) {
                return hand;
            }
        }
        return -1;
    }

    boolean isFree(int hand) {
        return owner(hand) == Owner.NONE;
    }

    int used() {
        int used = 0;
        for (int hand = 0; hand < HANDS; hand++) {
            used += owner(hand) == Owner.NONE ? 0 : 1;
        }
        return used;
    }

    /// Copies a message of the ring into a hand.
    ///
    /// @param head its position
    /// @param message where it is
    void fill(int hand, long head, long message) {
        long at = layout.hand(hand);
        int length = memory.get(JAVA_INT, message + MESSAGE_LENGTH_OFFSET);
        memory.set(JAVA_LONG, at + HAND_POSITION_OFFSET, head);
        memory.set(JAVA_LONG, at + HAND_DELIVERIES_OFFSET, 1);
        MemorySegment.copy(memory, message, memory, at + HAND_MESSAGE_OFFSET, MESSAGE_BODY_OFFSET + (long) length);
        // Pairs with the load in owner(): the message is complete.
        Words.setLong(memory, ownerOffset(hand), Owner.SELF);
    }

    /// Takes the message of a dead owner, or one that was given back.
    void takeOver(int hand) {
        long at = layout.hand(hand) + HAND_DELIVERIES_OFFSET;
        memory.set(JAVA_LONG, at, memory.get(JAVA_LONG, at) + 1);
        Words.setLong(memory, ownerOffset(hand), Owner.SELF);
    }

    /// Takes such a message out, for a consumer that does not confirm.
    int consume(int hand, byte[] target, int from, int room) {
        long at = layout.hand(hand) + HAND_MESSAGE_OFFSET;
        int length = memory.get(JAVA_INT, at + MESSAGE_LENGTH_OFFSET);
        if (length > room) {
            return -2 - length;
        }
        MemorySegment.copy(memory, JAVA_BYTE, at + MESSAGE_BODY_OFFSET, target, from, length);
        Words.setLong(memory, ownerOffset(hand), Owner.NONE);
        return length;
    }

    /// A copy of the message in a hand of this process.
    byte[] message(int hand) {
        long at = layout.hand(hand) + HAND_MESSAGE_OFFSET;
        return Words.getBytes(memory, at + MESSAGE_BODY_OFFSET, memory.get(JAVA_INT, at + MESSAGE_LENGTH_OFFSET));
    }

    /// How often the message in a hand of this process was received, this time included.
    int deliveries(int hand) {
        return (int) memory.get(JAVA_LONG, layout.hand(hand) + HAND_DELIVERIES_OFFSET);
    }

    /// Lets go of a hand of this process.
    void release(int hand, long left) {
        Words.setLongVolatile(memory, ownerOffset(hand), left);
    }

    /// Empties hands whose message is still in the ring.
    ///
    /// @param head the position of the first message in the ring
    void dropUnmoved(long head) {
        for (int hand = 0; hand < HANDS; hand++) {
            if (owner(hand) != Owner.NONE && memory.get(JAVA_LONG, layout.hand(hand) + HAND_POSITION_OFFSET) >= head) {
                Words.setLong(memory, ownerOffset(hand), Owner.NONE);
            }
        }
    }

    private long owner(int hand) {
        return Words.getLong(memory, ownerOffset(hand));
    }

    private static long ownerOffset(int hand) {
        return HAND_OWNERS_OFFSET + (long) hand * Long.BYTES;
    }
}
