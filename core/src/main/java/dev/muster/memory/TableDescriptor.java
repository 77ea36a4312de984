package dev.muster.memory;

/// Where the bytes of a table are, see docs/protocol/memory.md. A test compares the two. Offsets that depend on the
/// schema are in [TableLayout].
final class TableDescriptor {
    // ---- head of the body, from the start of the file
    static final int SEED_OFFSET = RegionDescriptor.BODY_OFFSET;
    static final int HINT_OFFSET = SEED_OFFSET + RegionDescriptor.BLOCK_LENGTH;
    static final int RECOVERIES_OFFSET = HINT_OFFSET + RegionDescriptor.BLOCK_LENGTH;
    static final int STATES_OFFSET = RECOVERIES_OFFSET + RegionDescriptor.BLOCK_LENGTH;

    // ---- the state of a row
    static final int STATE_LENGTH = Integer.BYTES;
    static final int STATE_FREE = 0;

    // ---- a bucket, from its start
    static final int BUCKET_OWNER_OFFSET = 0;
    static final int BUCKET_VERSION_OFFSET = BUCKET_OWNER_OFFSET + Long.BYTES;
    static final int BUCKET_HEAD_OFFSET = BUCKET_VERSION_OFFSET + Integer.BYTES;
    static final int BUCKET_LENGTH = BUCKET_HEAD_OFFSET + Integer.BYTES;

    // ---- a row, from its start
    static final int ROW_VERSION_OFFSET = 0;
    static final int ROW_HASH_OFFSET = ROW_VERSION_OFFSET + Long.BYTES;
    static final int ROW_NEXT_OFFSET = ROW_HASH_OFFSET + Long.BYTES;
    static final int ROW_KEY_LENGTH_OFFSET = ROW_NEXT_OFFSET + Integer.BYTES;
    static final int ROW_KEY_OFFSET = ROW_KEY_LENGTH_OFFSET + Integer.BYTES;

    // ---- the version of a row
    static final int VERSION_SLOT = 1;
    static final int VERSION_LIVE = 2;
    static final int VERSION_STEP = 4;

    // ---- a value of text or bytes, from its start
    static final int VALUE_LENGTH_OFFSET = 0;
    static final int VALUE_BODY_OFFSET = VALUE_LENGTH_OFFSET + Integer.BYTES;

    // ---- limits
    static final int MAX_ROWS = 1 << 28;
    static final int MAX_COLUMNS = 64;
    static final int MAX_KEY_LENGTH = 1024;
    static final int DEFAULT_KEY_LENGTH = 64;
    static final int MAX_VALUES_LENGTH = 1 << 24;

    private TableDescriptor() {}
}
