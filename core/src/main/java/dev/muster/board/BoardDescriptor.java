package dev.muster.board;

/// The bytes of a board, version 4. The same table, with the meaning of each field, is docs/protocol/board.md; a test
/// holds the two together.
///
/// ```text
/// header | pending area: 256 entries | slot 0 | slot 1 | …
/// slot:    beat | master's words | child's words | 16 marks | text area 0 | text area 1
/// ```
///
/// Words have the byte order of the machine and are aligned to their size. Fields of different writers are at least two
/// cache lines apart, so that the heartbeat of one does not slow the others down.
final class BoardDescriptor {
    /// Raised with every change of this class.
    static final int VERSION = 5;
    /// `MUSTERBD` as bytes on a little-endian machine; another byte order shows as another magic.
    static final long MAGIC = 0x4442_5245_5453_554DL;

    static final int CACHE_LINE_LENGTH = 64;
    static final int BLOCK_LENGTH = 2 * CACHE_LINE_LENGTH;

    // ---- header, from the start of the file
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
    static final int SLOT_COUNT_OFFSET = VERSION_OFFSET + Integer.BYTES;
    static final int FILE_LENGTH_OFFSET = SLOT_COUNT_OFFSET + Integer.BYTES;
    static final int MASTER_PID_OFFSET = FILE_LENGTH_OFFSET + Long.BYTES;
    static final int MASTER_START_OFFSET = MASTER_PID_OFFSET + Long.BYTES;
    static final int PROVIDED_OFFSET = MASTER_START_OFFSET + Long.BYTES;
    static final int HEADER_LENGTH = align(PROVIDED_OFFSET + Integer.BYTES);

    // ---- an entry of the pending area, from its start
    static final int PENDING_COUNT = 256;
    static final int PENDING_LENGTH = 2048;
    static final int PENDING_KEY_CAPACITY = 64;
    static final int PENDING_ORDER_OFFSET = 0;
    static final int PENDING_KEY_LENGTH_OFFSET = PENDING_ORDER_OFFSET + Long.BYTES;
    static final int PENDING_BODY_LENGTH_OFFSET = PENDING_KEY_LENGTH_OFFSET + Integer.BYTES;
    static final int PENDING_KEY_OFFSET = PENDING_BODY_LENGTH_OFFSET + Integer.BYTES;
    static final int PENDING_BODY_OFFSET = PENDING_KEY_OFFSET + PENDING_KEY_CAPACITY;
    static final int PENDING_BODY_CAPACITY = PENDING_LENGTH - PENDING_BODY_OFFSET;

    // ---- a mark, from its start
    static final int MARK_COUNT = 16;
    static final int MARK_LENGTH = 192;
    static final int MARK_ID_CAPACITY = 64;
    static final int MARK_LABEL_CAPACITY = 80;
    static final int MARK_STATE_OFFSET = 0;
    static final int MARK_START_OFFSET = MARK_STATE_OFFSET + Long.BYTES;
    static final int MARK_DEADLINE_OFFSET = MARK_START_OFFSET + Long.BYTES;
    static final int MARK_KIND_OFFSET = MARK_DEADLINE_OFFSET + Long.BYTES;
    static final int MARK_ID_LENGTH_OFFSET = MARK_KIND_OFFSET + Integer.BYTES;
    static final int MARK_LABEL_LENGTH_OFFSET = MARK_ID_LENGTH_OFFSET + Integer.BYTES;
    static final int MARK_ID_OFFSET = MARK_LABEL_LENGTH_OFFSET + Integer.BYTES;
    static final int MARK_LABEL_OFFSET = MARK_ID_OFFSET + MARK_ID_CAPACITY;

    // ---- a text area, from its start
    static final int TEXT_COUNT = 2;
    static final int TEXT_CAPACITY = 65_536;
    static final int TEXT_LENGTH_OFFSET = 0;
    static final int TEXT_BODY_OFFSET = TEXT_LENGTH_OFFSET + Integer.BYTES;
    static final int TEXT_AREA_LENGTH = align(TEXT_BODY_OFFSET + TEXT_CAPACITY);

    // ---- a slot, from its start
    static final int INCARNATION_CAPACITY = 64;
    static final int SLOT_BEAT_OFFSET = 0;
    static final int SLOT_LIFE_OFFSET = align(SLOT_BEAT_OFFSET + Long.BYTES);
    static final int SLOT_CONDEMNED_OFFSET = SLOT_LIFE_OFFSET + Integer.BYTES;
    static final int SLOT_REGISTERED_OFFSET = align(SLOT_CONDEMNED_OFFSET + Integer.BYTES);
    static final int SLOT_INCARNATION_LENGTH_OFFSET = SLOT_REGISTERED_OFFSET + Integer.BYTES;
    static final int SLOT_INCARNATION_OFFSET = SLOT_INCARNATION_LENGTH_OFFSET + Integer.BYTES;
    static final int SLOT_SILENCE_OFFSET = SLOT_INCARNATION_OFFSET + INCARNATION_CAPACITY;
    static final int SLOT_UNITS_DONE_OFFSET = SLOT_SILENCE_OFFSET + Long.BYTES;
    static final int SLOT_UNITS_FAILED_OFFSET = SLOT_UNITS_DONE_OFFSET + Long.BYTES;
    static final int SLOT_TEXT_VERSION_OFFSET = SLOT_UNITS_FAILED_OFFSET + Long.BYTES;
    static final int SLOT_PROBE_OFFSET = SLOT_TEXT_VERSION_OFFSET + Long.BYTES;
    static final int SLOT_BACKLOG_OFFSET = SLOT_PROBE_OFFSET + Long.BYTES;
    static final int SLOT_CONNECTIONS_OFFSET = SLOT_BACKLOG_OFFSET + Integer.BYTES;
    static final int SLOT_ACCEPTS_OFFSET = SLOT_CONNECTIONS_OFFSET + Integer.BYTES;
    static final int SLOT_MARKS_OFFSET = align(SLOT_ACCEPTS_OFFSET + Integer.BYTES);
    static final int SLOT_TEXTS_OFFSET = align(SLOT_MARKS_OFFSET + MARK_COUNT * MARK_LENGTH);
    static final int SLOT_LENGTH = SLOT_TEXTS_OFFSET + TEXT_COUNT * TEXT_AREA_LENGTH;

    // ---- the file
    static final int PENDINGS_OFFSET = HEADER_LENGTH;
    static final int SLOTS_OFFSET = align(PENDINGS_OFFSET + PENDING_COUNT * PENDING_LENGTH);
    /// Keeps every offset of a board far below 2 GiB.
    static final int MAX_SLOTS = 4096;

    private BoardDescriptor() {}

    /// The length of the file in bytes.
    static long fileLength(int slots) {
        return SLOTS_OFFSET + (long) slots * SLOT_LENGTH;
    }

    private static int align(int offset) {
        return (offset + BLOCK_LENGTH - 1) / BLOCK_LENGTH * BLOCK_LENGTH;
    }
}
