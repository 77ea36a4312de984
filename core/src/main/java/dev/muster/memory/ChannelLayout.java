package dev.muster.memory;

import static dev.muster.memory.ChannelDescriptor.HANDS;
import static dev.muster.memory.ChannelDescriptor.HANDS_OFFSET;
import static dev.muster.memory.ChannelDescriptor.HAND_MESSAGE_OFFSET;
import static dev.muster.memory.ChannelDescriptor.MAX_CAPACITY;
import static dev.muster.memory.ChannelDescriptor.MAX_MESSAGE_LENGTH;
import static dev.muster.memory.ChannelDescriptor.MESSAGE_BODY_OFFSET;
import static dev.muster.memory.RegionDescriptor.BLOCK_LENGTH;
import static dev.muster.memory.RegionDescriptor.CACHE_LINE_LENGTH;
import static dev.muster.memory.RegionDescriptor.align;

/// Where everything is in a channel of a given schema.
///
/// ```text
/// header | producers | consumers | rest | waiting | owners of hands | hand 0 | hand 1 | … | message 0 | message 1 | …
/// ```
final class ChannelLayout {
    final int capacity;
    final int messageCapacity;
    /// From one message to the next.
    final int messageLength;

    final int handLength;
    final long messagesOffset;
    final long fileLength;
    private final long mask;

    /// @throws IllegalArgumentException if a limit is exceeded
    ChannelLayout(String channel, int capacity, int messageCapacity) {
        require(capacity >= 1 && capacity <= MAX_CAPACITY, channel, "room for " + capacity + " messages", MAX_CAPACITY);
        require(
                messageCapacity >= 1 && messageCapacity <= MAX_MESSAGE_LENGTH,
                channel,
                "messages of " + messageCapacity + " bytes",
                MAX_MESSAGE_LENGTH);
        this.capacity = capacity;
        this.messageCapacity = messageCapacity;
        messageLength = (int) align(MESSAGE_BODY_OFFSET + messageCapacity, CACHE_LINE_LENGTH);
        handLength = (int) align(HAND_MESSAGE_OFFSET + messageLength, CACHE_LINE_LENGTH);
        messagesOffset = align(HANDS_OFFSET + (long) HANDS * handLength, BLOCK_LENGTH);
        // A power of two, so that a position becomes a place without a division.
        int places = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
        mask = places - 1L;
        fileLength = messagesOffset + (long) places * messageLength;
    }

    private static void require(boolean legal, String channel, String found, int limit) {
        if (!legal) {
            throw new IllegalArgumentException(
                    "the channel %s cannot have %s: legal are 1 to %d".formatted(channel, found, limit));
        }
    }

    /// Where the message with this position is.
    long message(long position) {
        return messagesOffset + (position & mask) * messageLength;
    }

    long hand(int hand) {
        return HANDS_OFFSET + (long) hand * handLength;
    }

    /// What stands in the header of the file.
    String schema() {
        return "messages=" + capacity + " bytes=" + messageCapacity;
    }

    /// Reads what [#schema()] wrote.
    static ChannelLayout parse(String channel, String schema) {
        String[] words = schema.split(" ", -1);
        return new ChannelLayout(
                channel,
                Integer.parseInt(words[0].substring("messages=".length())),
                Integer.parseInt(words[1].substring("bytes=".length())));
    }
}
