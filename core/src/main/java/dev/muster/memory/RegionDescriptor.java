package dev.muster.memory;

/// Where the bytes of the header of every region are, see docs/protocol/memory.md. A test compares the two.
final class RegionDescriptor {
    /// The bytes `MUSTERSM`.
    static final long MAGIC = 0x4D53_5245_5453_554DL;

    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int KIND_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int FILE_LENGTH_OFFSET = KIND_OFFSET + Integer.BYTES;
    static final int CREATOR_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;
    static final int SCHEMA_LENGTH_OFFSET = CREATOR_OFFSET + Long.BYTES;
    static final int SCHEMA_OFFSET = 128;
    static final int BODY_OFFSET = 4096;
    static final int SCHEMA_CAPACITY = BODY_OFFSET - SCHEMA_OFFSET;

    /// Fields of different writers stand in different blocks of two cache lines.
    static final int BLOCK_LENGTH = 128;

    static final int CACHE_LINE_LENGTH = 64;

    private RegionDescriptor() {}

    static long align(long offset, int unit) {
        return (offset + unit - 1) / unit * unit;
    }
}
