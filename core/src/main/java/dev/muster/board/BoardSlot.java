package dev.muster.board;

import static dev.muster.board.BoardDescriptor.INCARNATION_CAPACITY;
import static dev.muster.board.BoardDescriptor.SLOT_ACCEPTS_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_BACKLOG_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_BEAT_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_CONDEMNED_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_CONNECTIONS_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_INCARNATION_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_INCARNATION_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_LIFE_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_PROBE_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_REGISTERED_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_SILENCE_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_UNITS_DONE_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_UNITS_FAILED_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.muster.os.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One slot's part of the board: the child in the slot writes, the master reads; [#reset] and [#condemn] are the
/// master's only stores. All instants are values of `System.nanoTime()`, which is one clock for all processes of a
/// Linux machine.
///
/// **Threads:** [#beat()] and [#probeSince(long)] store from one thread only, the heartbeat thread; every other method
/// may be called from any thread. **Lifetime:** that of its [Board]. **Failure:** a child may die between any two
/// stores; what it had started and not finished stays, whole, until [#reset]. Bytes that no child of ours would write
/// are read as nothing.
public final class BoardSlot {
    /// How many marks can stand at the same time.
    public static final int MARKS = BoardDescriptor.MARK_COUNT;
    private static final long PAGE = 4096;

    /// The longest text in bytes of UTF-8.
    public static final int TEXT_BYTES = BoardDescriptor.TEXT_CAPACITY;
    /// The longest id of a mark in bytes of UTF-8.
    public static final int ID_BYTES = BoardDescriptor.MARK_ID_CAPACITY;
    /// The longest label of a mark in bytes of UTF-8; a longer one is cut.
    public static final int LABEL_BYTES = BoardDescriptor.MARK_LABEL_CAPACITY;
    /// 146 years: a limit above it is this one, so that no sum overflows.
    private static final long LONGEST = 1L << 62;

    private final int number;
    private final MemorySegment memory;
    private final Marks marks;
    private final Texts texts;
    private final Object writingText = new Object();

    BoardSlot(int number, MemorySegment memory) {
        this.number = number;
        this.memory = memory;
        this.marks = new Marks(memory.asSlice(BoardDescriptor.SLOT_MARKS_OFFSET));
        this.texts = new Texts(memory);
    }

    /// A slot of no board, that only this JVM sees, empty as after the creation of a board. Its memory is freed
    /// some time after its last use.
    ///
    /// @param number for messages
    public static BoardSlot inMemory(int number) {
        return new BoardSlot(
                number, Arena.ofAuto().allocate(BoardDescriptor.SLOT_LENGTH, BoardDescriptor.CACHE_LINE_LENGTH));
    }

    // ---- the master

    /// Writes zeros over a slot that is new, where the master will look at it. A page of shared memory that is read
    /// first brings its fifteen neighbours into the account of the process; one that is written first comes alone.
    void touch() {
        for (long at = 0; at < BoardDescriptor.SLOT_TEXTS_OFFSET; at += PAGE) {
            Words.setLong(memory, at, 0);
        }
        texts.touch();
    }

    /// Empties the slot for its next child. Only when the child before is reaped and what it left was read and kept
    /// elsewhere: marks, text, units, beats, deadlines and the condemned flag are gone afterwards.
    ///
    /// @param life how often the slot was filled, from 1
    public void reset(int life) {
        if (life < 1) {
            throw new IllegalArgumentException("cannot reset slot %d: life=%d, at least 1".formatted(number, life));
        }
        // First of all: a master that dies in here must not leave a registered incarnation without its marks.
        Words.setInt(memory, SLOT_REGISTERED_OFFSET, 0);
        marks.clear();
        texts.set(null);
        Words.setLong(memory, SLOT_SILENCE_OFFSET, 0);
        Words.setLong(memory, SLOT_UNITS_DONE_OFFSET, 0);
        Words.setLong(memory, SLOT_UNITS_FAILED_OFFSET, 0);
        Words.setInt(memory, SLOT_BACKLOG_OFFSET, 0);
        Words.setInt(memory, SLOT_ACCEPTS_OFFSET, 0);
        Words.setInt(memory, SLOT_CONNECTIONS_OFFSET, 0);
        Words.setLong(memory, SLOT_PROBE_OFFSET, 0);
        Words.setLong(memory, SLOT_BEAT_OFFSET, 0);
        Words.setInt(memory, SLOT_CONDEMNED_OFFSET, 0);
        // Pairs with register().
        Words.setInt(memory, SLOT_LIFE_OFFSET, life);
    }

    /// What [#reset] was last called with; 0 before.
    public int life() {
        return Words.getInt(memory, SLOT_LIFE_OFFSET);
    }

    /// Who is, or was, in the slot; empty until a child has registered for the present life.
    public String incarnation() {
        int life = life();
        if (life == 0 || Words.getInt(memory, SLOT_REGISTERED_OFFSET) != life) {
            return "";
        }
        int length = memory.get(JAVA_INT, SLOT_INCARNATION_LENGTH_OFFSET);
        if (length < 0 || length > INCARNATION_CAPACITY) {
            return "";
        }
        byte[] text = Words.getBytes(memory, SLOT_INCARNATION_OFFSET, length);
        // Pairs with the fence in register().
        VarHandle.loadLoadFence();
        return Words.getInt(memory, SLOT_REGISTERED_OFFSET) == life ? new String(text, StandardCharsets.UTF_8) : "";
    }

    /// How often the child has beaten in this life. That it changes is what counts.
    public long beats() {
        return Words.getLong(memory, SLOT_BEAT_OFFSET);
    }

    /// Since when the child's virtual threads have not come to run although its heartbeat does, 0 if they run.
    /// While the whole virtual machine stands still this does not move either: then it is the beats that tell.
    public long probeSince() {
        return Words.getLong(memory, SLOT_PROBE_OFFSET);
    }

    /// The earliest of the deadlines of all marks and of silence, 0 if there is none. Allocates nothing.
    public long earliestDeadline() {
        return marks.earliestDeadline(Words.getLong(memory, SLOT_SILENCE_OFFSET));
    }

    /// The id of the mark whose deadline is the earliest, empty if that is silence or there is none. A living child
    /// can have moved on since [#earliestDeadline()]: who acts on it takes both from one [#deadline()].
    public String deadlineId() {
        return deadline().map(Deadline::id).orElse("");
    }

    /// The earliest deadline and whose it is, from one look; empty if there is none.
    public Optional<Deadline> deadline() {
        long silence = Words.getLong(memory, SLOT_SILENCE_OFFSET);
        Mark mark = marks.earliest(silence);
        if (mark != null) {
            return Optional.of(new Deadline(mark.deadlineNanos(), mark.id()));
        }
        return silence == 0 ? Optional.empty() : Optional.of(new Deadline(silence, ""));
    }

    /// What is started and not finished, each whole. Of a living child it is no common instant.
    public List<Mark> marks() {
        return marks.list();
    }

    /// How much of what is started and not settled is not over its deadline at this instant. Allocates nothing.
    public int timely(long now) {
        return marks.timely(now);
    }

    /// Units of work that ended well in this life.
    public long unitsDone() {
        return Words.getLong(memory, SLOT_UNITS_DONE_OFFSET);
    }

    /// Units of work that failed in this life.
    public long unitsFailed() {
        return Words.getLong(memory, SLOT_UNITS_FAILED_OFFSET);
    }

    /// Messages and immediate tasks that the child has accepted and not begun.
    public int backlog() {
        return Math.max(0, Words.getInt(memory, SLOT_BACKLOG_OFFSET));
    }

    /// Connections that a web worker has.
    public int connections() {
        return Math.max(0, Words.getInt(memory, SLOT_CONNECTIONS_OFFSET));
    }

    /// Whether it is a web worker that accepts more.
    public boolean accepts() {
        return Words.getInt(memory, SLOT_ACCEPTS_OFFSET) != 0;
    }

    /// How much is started and not finished. Allocates nothing.
    public int busy() {
        return marks.started();
    }

    /// What the child says it is working on, null if it says nothing. Of a dead child always its last whole text;
    /// null also if a living one changes it faster than it can be copied.
    public @Nullable String text() {
        byte[] text = texts.get();
        return text == null ? null : new String(text, StandardCharsets.UTF_8);
    }

    /// Tells the child that its end is decided: it is to store no outcome any more.
    public void condemn() {
        Words.setInt(memory, SLOT_CONDEMNED_OFFSET, 1);
    }

    // ---- the child

    /// Says who is in the slot, once in a life.
    ///
    /// @param life the life that the child was given
    /// @param incarnation 1 to 64 bytes
    /// @throws IllegalStateException if the slot is at another life: the master has given this child up
    public void register(int life, String incarnation) {
        byte[] text = incarnation.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > INCARNATION_CAPACITY) {
            throw new IllegalArgumentException("cannot register in slot %d: incarnation of %d bytes, legal are 1 to %d"
                    .formatted(number, text.length, INCARNATION_CAPACITY));
        }
        int present = life();
        if (life < 1 || present != life) {
            throw new IllegalStateException(
                    "cannot register in slot %d: life=%d, the slot is at life=%d".formatted(number, life, present));
        }
        Words.setInt(memory, SLOT_REGISTERED_OFFSET, 0);
        // Pairs with the fence in incarnation(): 0 is visible before the bytes change.
        VarHandle.storeStoreFence();
        memory.set(JAVA_INT, SLOT_INCARNATION_LENGTH_OFFSET, text.length);
        Words.setBytes(memory, SLOT_INCARNATION_OFFSET, text);
        // Pairs with the first load in incarnation().
        Words.setInt(memory, SLOT_REGISTERED_OFFSET, life);
    }

    /// One more beat: a load and a store, no allocation. Of the heartbeat thread only.
    public void beat() {
        Words.setLong(memory, SLOT_BEAT_OFFSET, Words.getLong(memory, SLOT_BEAT_OFFSET) + 1);
    }

    /// Says since when virtual threads have not come to run: a store, no allocation. Of the heartbeat thread only.
    ///
    /// @param nanos the instant; 0 if they run
    public void probeSince(long nanos) {
        Words.setLong(memory, SLOT_PROBE_OFFSET, nanos);
    }

    /// Marks a unit of work as started. Call it in the instant before the work begins.
    ///
    /// @param kind what it is
    /// @param id what a reader knows the work by, at most 64 bytes
    /// @param label for people; cut after 80 bytes
    /// @param limitNanos the deadline is this long from now; 0 for none
    /// @return a handle for [#extend], [#finish] and [#settled]
    /// @throws IllegalStateException if all marks are in use
    public int start(Kind kind, String id, String label, long limitNanos) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > ID_BYTES) {
            throw new IllegalArgumentException("cannot mark '%s' as started in slot %d: id of %d bytes, at most %d"
                    .formatted(id, number, bytes.length, ID_BYTES));
        }
        long now = System.nanoTime();
        int handle = marks.start(kind, bytes, cut(label), now, deadline(now, limitNanos));
        if (handle < 0) {
            throw new IllegalStateException(
                    "cannot mark '%s' as started in slot %d: all %d marks are in use; run fewer at the same time"
                            .formatted(id, number, MARKS));
        }
        return handle;
    }

    /// Sets the deadline of a mark anew.
    ///
    /// @param limitNanos from now; 0 for none
    /// @throws IllegalStateException if the mark is finished
    public void extend(int mark, long limitNanos) {
        if (!marks.extend(mark, deadline(System.nanoTime(), limitNanos))) {
            throw finished("extend", mark);
        }
    }

    /// The unit is over and counts. The mark of a run is free again; that of a task stays, without a deadline,
    /// until [#settled].
    ///
    /// @throws IllegalStateException if the mark is finished already; nothing is counted then
    public void finish(int mark, boolean failed) {
        if (!marks.finish(mark, marks.kind(mark) == Kind.TASK ? Marks.FINISHED : Marks.FREE)) {
            throw finished("finish", mark);
        }
        count(failed);
    }

    /// A unit that was too short for a mark is over, and counts.
    public void count(boolean failed) {
        Words.addLong(memory, failed ? SLOT_UNITS_FAILED_OFFSET : SLOT_UNITS_DONE_OFFSET, 1);
    }

    /// The unit goes on without its mark, which is free again; nothing is counted.
    ///
    /// @throws IllegalStateException if the mark is finished already
    public void unmark(int mark) {
        if (!marks.finish(mark, Marks.FREE)) {
            throw finished("give back", mark);
        }
    }

    /// Frees the mark of a finished task: its outcome is stored, or given up.
    ///
    /// @throws IllegalStateException if the mark is not finished
    public void settled(int mark) {
        if (!marks.settled(mark)) {
            throw new IllegalStateException(
                    "cannot settle mark %d of slot %d: it is not finished, or was settled before"
                            .formatted(mark, number));
        }
    }

    /// Sets the instant at which the child is too long silent.
    ///
    /// @param nanos from now; 0 for none
    public void silenceLimit(long nanos) {
        Words.setLong(memory, SLOT_SILENCE_OFFSET, deadline(System.nanoTime(), nanos));
    }

    /// Says what is being worked on; null for nothing.
    ///
    /// @throws IllegalArgumentException if the text has more than 65,536 bytes of UTF-8; the text before stays
    public void text(@Nullable String text) {
        byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        if (bytes != null && bytes.length > TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "cannot set the text of slot %d: %d bytes, at most %d; give a shorter one"
                            .formatted(number, bytes.length, TEXT_BYTES));
        }
        synchronized (writingText) {
            texts.set(bytes);
        }
    }

    /// Says how many messages and immediate tasks are accepted and not begun: a store, no allocation.
    public void backlog(int count) {
        Words.setInt(memory, SLOT_BACKLOG_OFFSET, count);
    }

    /// Says how many connections a web worker has, and whether it accepts more: two stores, no allocation.
    public void connections(int count, boolean accepts) {
        Words.setInt(memory, SLOT_CONNECTIONS_OFFSET, count);
        Words.setInt(memory, SLOT_ACCEPTS_OFFSET, accepts ? 1 : 0);
    }

    /// Whether the master has decided the end of this child.
    public boolean condemned() {
        return Words.getInt(memory, SLOT_CONDEMNED_OFFSET) != 0;
    }

    private long deadline(long now, long limitNanos) {
        if (limitNanos < 0) {
            throw new IllegalArgumentException(
                    "cannot set a deadline in slot %d: limit=%d ns, at least 0".formatted(number, limitNanos));
        }
        if (limitNanos == 0) {
            return 0;
        }
        long deadline = now + Math.min(limitNanos, LONGEST);
        return deadline == 0 ? 1 : deadline;
    }

    private IllegalStateException finished(String verb, int mark) {
        return new IllegalStateException("cannot %s mark %d of slot %d: it is not started, or was finished before"
                .formatted(verb, mark, number));
    }

    private static byte[] cut(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LABEL_BYTES) {
            return bytes;
        }
        int end = LABEL_BYTES;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /// What a mark stands for.
    public enum Kind {
        /// One run of a user process.
        RUN(1),
        /// One task.
        TASK(2),
        /// One event of the server's listeners: a message, an immediate task. Nobody gives it back.
        EVENT(3),
        /// A request, or an event of a WebSocket, that lasts. Nobody gives it back.
        REQUEST(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// A unit of work that is started, or finished and not settled.
    ///
    /// @param kind what it is
    /// @param id what it is known by
    /// @param label for people
    /// @param startNanos when it began
    /// @param deadlineNanos when it is too late, 0 for never
    /// @param finished whether it is over, and only its outcome is not stored yet
    public record Mark(Kind kind, String id, String label, long startNanos, long deadlineNanos, boolean finished) {}

    /// An instant at which the child is to be killed.
    ///
    /// @param nanos the instant
    /// @param id of the mark that it belongs to, empty for silence
    public record Deadline(long nanos, String id) {}
}
