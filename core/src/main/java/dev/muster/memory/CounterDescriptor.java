package dev.muster.memory;

/// Where the bytes of a counter are, see docs/protocol/memory.md. A test compares the two.
final class CounterDescriptor {
    static final int COUNTER_VALUE_OFFSET = RegionDescriptor.BODY_OFFSET;
    static final int COUNTER_WAIT_OFFSET = COUNTER_VALUE_OFFSET + RegionDescriptor.BLOCK_LENGTH;
    static final int COUNTER_FILE_LENGTH = COUNTER_WAIT_OFFSET + RegionDescriptor.BLOCK_LENGTH;

    private CounterDescriptor() {}
}
