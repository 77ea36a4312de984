package dev.muster.board;

import static dev.muster.board.BoardDescriptor.MARK_COUNT;
import static dev.muster.board.BoardDescriptor.MARK_DEADLINE_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_ID_CAPACITY;
import static dev.muster.board.BoardDescriptor.MARK_ID_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_ID_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_KIND_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_LABEL_CAPACITY;
import static dev.muster.board.BoardDescriptor.MARK_LABEL_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_LABEL_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_LENGTH;
import static dev.muster.board.BoardDescriptor.MARK_START_OFFSET;
import static dev.muster.board.BoardDescriptor.MARK_STATE_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.board.BoardSlot.Kind;
import dev.muster.board.BoardSlot.Mark;
import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sixteen marks of a slot. A mark's state word holds how often the mark was taken, and in its two lowest bits
/// FREE, WRITING, STARTED or FINISHED; the count makes a mark that was given back and taken again look different.
///
/// **Threads:** any thread of the child starts and finishes marks; any thread of any process reads. **Failure:** a
/// child that dies between two stores leaves the mark WRITING, which counts as not started, or
/// STARTED or FINISHED and complete.
final class Marks {
    static final int FREE = 0;
    static final int WRITING = 1;
    static final int STARTED = 2;
    /// The work is over, its outcome is not yet safe: if the child dies now, the work may be repeated, but is to
    /// blame for nothing.
    static final int FINISHED = 3;
    private static final int STATE_BITS = 2;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;
    private static final int INDEX_BITS = 4;
    private static final int TURN_MASK = Integer.MAX_VALUE >>> INDEX_BITS;

    private final MemorySegment memory;

    Marks(MemorySegment memory) {
        this.memory = memory;
    }

    /// @param deadline absolute, 0 for none
    /// @return a handle: index and turn; -1 if all marks are in use
    int start(Kind kind, byte[] id, byte[] label, long now, long deadline) {
        for (int index = 0; index < MARK_COUNT; index++) {
            long base = (long) index * MARK_LENGTH;
            long word = Words.getLong(memory, base + MARK_STATE_OFFSET);
            if ((word & STATE_MASK) != FREE) {
                continue;
            }
            long turn = (word >>> STATE_BITS) + 1;
            if (!Words.replaceLong(memory, base + MARK_STATE_OFFSET, word, turn << STATE_BITS | WRITING)) {
                continue;
            }
            // WRITING must be visible before any of the fields change: a reader that meets a new field then finds
            // another state word than before, in read().
            VarHandle.storeStoreFence();
            memory.set(JAVA_LONG, base + MARK_START_OFFSET, now);
            memory.set(JAVA_LONG, base + MARK_DEADLINE_OFFSET, deadline);
            memory.set(JAVA_INT, base + MARK_KIND_OFFSET, kind.code());
            memory.set(JAVA_INT, base + MARK_ID_LENGTH_OFFSET, id.length);
            memory.set(JAVA_INT, base + MARK_LABEL_LENGTH_OFFSET, label.length);
            Words.setBytes(memory, base + MARK_ID_OFFSET, id);
            Words.setBytes(memory, base + MARK_LABEL_OFFSET, label);
            // Pairs with the first load of the state in read() and earliestDeadline().
            Words.setLong(memory, base + MARK_STATE_OFFSET, turn << STATE_BITS | STARTED);
            return (int) (turn & TURN_MASK) << INDEX_BITS | index;
        }
        return -1;
    }

    /// @return false if the mark is not started any more
    boolean extend(int handle, long deadline) {
        long base = base(handle);
        if (!current(handle, STARTED, Words.getLong(memory, base + MARK_STATE_OFFSET))) {
            return false;
        }
        // One word that means something by itself: it needs no change of the state.
        Words.setLong(memory, base + MARK_DEADLINE_OFFSET, deadline);
        return true;
    }

    /// @param next FREE, or FINISHED if its outcome is not safe yet
    /// @return false if the mark is not started any more
    boolean finish(int handle, int next) {
        return leave(handle, STARTED, next);
    }

    /// @return false if the mark is not finished
    boolean settled(int handle) {
        return leave(handle, FINISHED, FREE);
    }

    Kind kind(int handle) {
        Kind kind = Kind.of(memory.get(JAVA_INT, base(handle) + MARK_KIND_OFFSET));
        return kind == null ? Kind.RUN : kind;
    }

    private boolean leave(int handle, int from, int to) {
        long base = base(handle);
        long word = Words.getLong(memory, base + MARK_STATE_OFFSET);
        return current(handle, from, word)
                && Words.replaceLong(memory, base + MARK_STATE_OFFSET, word, word & ~(long) STATE_MASK | to);
    }

    /// Frees all marks, half-written ones included. Only while no child uses the slot.
    void clear() {
        for (int index = 0; index < MARK_COUNT; index++) {
            long state = (long) index * MARK_LENGTH + MARK_STATE_OFFSET;
            Words.setLong(memory, state, Words.getLong(memory, state) & ~(long) STATE_MASK | FREE);
        }
    }

    /// The earliest of all deadlines and `limit`, where 0 is none. Allocates nothing.
    long earliestDeadline(long limit) {
        long earliest = limit;
        for (int index = 0; index < MARK_COUNT; index++) {
            long deadline = deadline(index);
            if (before(deadline, earliest)) {
                earliest = deadline;
            }
        }
        return earliest;
    }

    /// The mark whose deadline is the earliest and before `limit`, null if there is none.
    @Nullable
    Mark earliest(long limit) {
        Mark found = null;
        for (int index = 0; index < MARK_COUNT; index++) {
            Mark mark = read(index);
            if (mark != null
                    && !mark.finished()
                    && before(mark.deadlineNanos(), found == null ? limit : found.deadlineNanos())) {
                found = mark;
            }
        }
        return found;
    }

    /// The deadline of a started mark, 0 if it has none or is not started.
    private long deadline(int index) {
        long base = (long) index * MARK_LENGTH;
        long before = Words.getLong(memory, base + MARK_STATE_OFFSET);
        if ((before & STATE_MASK) != STARTED) {
            return 0;
        }
        long deadline = Words.getLong(memory, base + MARK_DEADLINE_OFFSET);
        return Words.getLong(memory, base + MARK_STATE_OFFSET) == before ? deadline : 0;
    }

    /// How many are started and not over their deadlines, or finished and not settled. Allocates nothing.
    int timely(long now) {
        int timely = 0;
        for (int index = 0; index < MARK_COUNT; index++) {
            long state = Words.getLong(memory, (long) index * MARK_LENGTH + MARK_STATE_OFFSET) & STATE_MASK;
            long deadline = state == STARTED ? deadline(index) : 0;
            boolean late = deadline != 0 && deadline - now <= 0;
            timely += state == FINISHED || state == STARTED && !late ? 1 : 0;
        }
        return timely;
    }

    /// How many are started and not finished. Allocates nothing.
    int started() {
        int started = 0;
        for (int index = 0; index < MARK_COUNT; index++) {
            long word = Words.getLong(memory, (long) index * MARK_LENGTH + MARK_STATE_OFFSET);
            started += (word & STATE_MASK) == STARTED ? 1 : 0;
        }
        return started;
    }

    /// Those that are started or finished, in the order of their indices.
    List<Mark> list() {
        List<Mark> marks = new ArrayList<>();
        for (int index = 0; index < MARK_COUNT; index++) {
            Mark mark = read(index);
            if (mark != null) {
                marks.add(mark);
            }
        }
        return marks;
    }

    /// The mark, or null if it is neither started nor finished, was changed during the look, or holds bytes that no
    /// child of ours wrote.
    private @Nullable Mark read(int index) {
        long base = (long) index * MARK_LENGTH;
        long before = Words.getLong(memory, base + MARK_STATE_OFFSET);
        long state = before & STATE_MASK;
        if (state != STARTED && state != FINISHED) {
            return null;
        }
        long start = memory.get(JAVA_LONG, base + MARK_START_OFFSET);
        long deadline = memory.get(JAVA_LONG, base + MARK_DEADLINE_OFFSET);
        Kind kind = Kind.of(memory.get(JAVA_INT, base + MARK_KIND_OFFSET));
        int idLength = memory.get(JAVA_INT, base + MARK_ID_LENGTH_OFFSET);
        int labelLength = memory.get(JAVA_INT, base + MARK_LABEL_LENGTH_OFFSET);
        if (kind == null
                || idLength < 0
                || idLength > MARK_ID_CAPACITY
                || labelLength < 0
                || labelLength > MARK_LABEL_CAPACITY) {
            return null;
        }
        byte[] id = Words.getBytes(memory, base + MARK_ID_OFFSET, idLength);
        byte[] label = Words.getBytes(memory, base + MARK_LABEL_OFFSET, labelLength);
        // Pairs with the fence in start(): the fields were loaded before the state is looked at again.
        VarHandle.loadLoadFence();
        if (Words.getLong(memory, base + MARK_STATE_OFFSET) != before) {
            return null;
        }
        return new Mark(
                kind,
                new String(id, StandardCharsets.UTF_8),
                new String(label, StandardCharsets.UTF_8),
                start,
                deadline,
                state == FINISHED);
    }

    private static boolean before(long deadline, long other) {
        return deadline != 0 && (other == 0 || deadline - other < 0);
    }

    private static long base(int handle) {
        return (long) (handle & MARK_COUNT - 1) * MARK_LENGTH;
    }

    private static boolean current(int handle, int state, long word) {
        return handle >= 0
                && (word & STATE_MASK) == state
                && ((word >>> STATE_BITS) & TURN_MASK) == handle >>> INDEX_BITS;
    }
}
