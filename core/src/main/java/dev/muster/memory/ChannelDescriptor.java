package dev.muster.memory;

/// Where the bytes of a channel are, see docs/protocol/memory.md. A test compares the two.
final class ChannelDescriptor {
    private static final int BLOCK = RegionDescriptor.BLOCK_LENGTH;

    // ---- of producers
    static final int TAIL_OWNER_OFFSET = RegionDescriptor.BODY_OFFSET;
    static final int TAIL_OFFSET = TAIL_OWNER_OFFSET + Long.BYTES;
    static final int KNOWN_HEAD_OFFSET = TAIL_OFFSET + Long.BYTES;

    // ---- of consumers
    static final int HEAD_OWNER_OFFSET = TAIL_OWNER_OFFSET + BLOCK;
    static final int HEAD_OFFSET = HEAD_OWNER_OFFSET + Long.BYTES;
    static final int KNOWN_TAIL_OFFSET = HEAD_OFFSET + Long.BYTES;
    static final int TAKING_OFFSET = KNOWN_TAIL_OFFSET + Long.BYTES;

    // ---- of everybody, seldom written
    static final int CLOSED_OFFSET = HEAD_OWNER_OFFSET + BLOCK;
    static final int CONFIRMING_OFFSET = CLOSED_OFFSET + Integer.BYTES;
    static final int LOST_OFFSET = CONFIRMING_OFFSET + Integer.BYTES;
    static final int RETURNED_OFFSET = LOST_OFFSET + Long.BYTES;
    static final int NOT_EMPTY_OFFSET = CLOSED_OFFSET + BLOCK;
    static final int NOT_FULL_OFFSET = NOT_EMPTY_OFFSET + BLOCK;

    // ---- hands: messages that were received and are not confirmed
    static final int HANDS = 128;
    static final int HAND_OWNERS_OFFSET = NOT_FULL_OFFSET + BLOCK;
    static final int HANDS_OFFSET = HAND_OWNERS_OFFSET + HANDS * Long.BYTES;
    static final int HAND_POSITION_OFFSET = 0;
    static final int HAND_DELIVERIES_OFFSET = HAND_POSITION_OFFSET + Long.BYTES;
    static final int HAND_MESSAGE_OFFSET = HAND_DELIVERIES_OFFSET + Long.BYTES;
    /// In the place of an owner: the message was given back and waits for another consumer.
    static final long HAND_RETURNED = -2;

    // ---- a message, from its start
    static final int MESSAGE_LENGTH_OFFSET = 0;
    static final int MESSAGE_BODY_OFFSET = MESSAGE_LENGTH_OFFSET + Integer.BYTES;

    // ---- limits
    static final int MAX_CAPACITY = 1 << 24;
    static final int MAX_MESSAGE_LENGTH = 1 << 24;

    private ChannelDescriptor() {}
}
