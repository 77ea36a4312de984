package dev.muster.board;

import static dev.muster.board.BoardDescriptor.SLOT_TEXTS_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_TEXT_VERSION_OFFSET;
import static dev.muster.board.BoardDescriptor.TEXT_AREA_LENGTH;
import static dev.muster.board.BoardDescriptor.TEXT_BODY_OFFSET;
import static dev.muster.board.BoardDescriptor.TEXT_CAPACITY;
import static dev.muster.board.BoardDescriptor.TEXT_LENGTH_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The text of a slot, in two areas that are written in turn: the lowest bit of the version says which one holds. The
/// area that holds is never written, so a child that dies while it writes leaves the text before.
///
/// **Threads:** one thread at a time writes; any thread of any process reads.
final class Texts {
    /// A child that changes its text faster than it can be copied does not hold its reader up for ever.
    private static final int LOOKS = 1000;
    private static final int NONE = -1;

    private final MemorySegment slot;

    Texts(MemorySegment slot) {
        this.slot = slot;
    }

    /// Sees to it that the master has no more of the areas in its memory than it needs, see [BoardSlot#touch].
    void touch() {
        for (long version = 0; version < BoardDescriptor.TEXT_COUNT; version++) {
            slot.set(JAVA_INT, area(version) + TEXT_LENGTH_OFFSET, 0);
        }
    }

    /// @param text at most [BoardDescriptor#TEXT_CAPACITY] bytes, null for none
    void set(byte @Nullable [] text) {
        long version = Words.getLong(slot, SLOT_TEXT_VERSION_OFFSET) + 1;
        // The version of the last call must be visible before the area that it left is written again: a reader of that
        // area then finds another version in get().
        VarHandle.storeStoreFence();
        long area = area(version);
        if (text != null) {
            Words.setBytes(slot, area + TEXT_BODY_OFFSET, text);
        }
        slot.set(JAVA_INT, area + TEXT_LENGTH_OFFSET, text == null ? NONE : text.length);
        // Pairs with the first load of the version in get().
        Words.setLong(slot, SLOT_TEXT_VERSION_OFFSET, version);
    }

    /// The text, or null if there is none or no whole one could be had.
    byte @Nullable [] get() {
        for (int look = 0; look < LOOKS; look++) {
            long version = Words.getLong(slot, SLOT_TEXT_VERSION_OFFSET);
            if (version == 0) {
                return null;
            }
            long area = area(version);
            int length = slot.get(JAVA_INT, area + TEXT_LENGTH_OFFSET);
            byte[] text =
                    length < 0 || length > TEXT_CAPACITY ? null : Words.getBytes(slot, area + TEXT_BODY_OFFSET, length);
            // Pairs with the fence in set(): the area was loaded before the version is looked at again.
            VarHandle.loadLoadFence();
            if (Words.getLong(slot, SLOT_TEXT_VERSION_OFFSET) == version) {
                return text;
            }
            Thread.onSpinWait();
        }
        return null;
    }

    private static long area(long version) {
        return SLOT_TEXTS_OFFSET + (version & 1) * TEXT_AREA_LENGTH;
    }
}
