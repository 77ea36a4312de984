package dev.muster.memory;

/// Where the bytes of a lock are, see docs/protocol/memory.md. A test compares the two.
final class LockDescriptor {
    static final int LOCK_OWNER_OFFSET = RegionDescriptor.BODY_OFFSET;
    static final int LOCK_DEATHS_OFFSET = LOCK_OWNER_OFFSET + Long.BYTES;
    static final int LOCK_WAIT_OFFSET = LOCK_OWNER_OFFSET + RegionDescriptor.BLOCK_LENGTH;
    static final int LOCK_FILE_LENGTH = LOCK_WAIT_OFFSET + RegionDescriptor.BLOCK_LENGTH;

    private LockDescriptor() {}
}
