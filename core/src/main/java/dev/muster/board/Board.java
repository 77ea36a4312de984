package dev.muster.board;

import static dev.muster.board.BoardDescriptor.FILE_LENGTH_OFFSET;
import static dev.muster.board.BoardDescriptor.HEADER_LENGTH;
import static dev.muster.board.BoardDescriptor.MAGIC;
import static dev.muster.board.BoardDescriptor.MAGIC_OFFSET;
import static dev.muster.board.BoardDescriptor.MASTER_PID_OFFSET;
import static dev.muster.board.BoardDescriptor.MASTER_START_OFFSET;
import static dev.muster.board.BoardDescriptor.MAX_SLOTS;
import static dev.muster.board.BoardDescriptor.PENDINGS_OFFSET;
import static dev.muster.board.BoardDescriptor.PENDING_COUNT;
import static dev.muster.board.BoardDescriptor.PENDING_LENGTH;
import static dev.muster.board.BoardDescriptor.PROVIDED_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOTS_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_COUNT_OFFSET;
import static dev.muster.board.BoardDescriptor.SLOT_LENGTH;
import static dev.muster.board.BoardDescriptor.VERSION;
import static dev.muster.board.BoardDescriptor.VERSION_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Identity;
import dev.muster.os.Words;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The heartbeat board: one file in memory that the master and all its children map, with a [BoardSlot] for each slot
/// and an area of entries that outlive the master. Who attaches learns from the header whose it is; the bytes are in
/// docs/protocol/board.md.
///
/// **Threads:** any. **Lifetime:** whoever creates or attaches it closes it; every use afterwards, of its slots too, is
/// an `IllegalStateException`. The file stays until [#delete()]. **Failure:** nothing here blocks or waits, so no death
/// of another process is felt; what it wrote stays.
public final class Board implements AutoCloseable {
    /// How many entries [#addPending] can keep at the same time.
    public static final int PENDING = PENDING_COUNT;
    /// The longest entry in bytes.
    public static final int PENDING_BYTES = BoardDescriptor.PENDING_BODY_CAPACITY;

    private final Path file;
    private final Object fileKey;
    /// Of who created it: under its name there may be the board of another master by now.
    private final @Nullable FileChannel channel;
    private final Arena arena;
    private final Identity master;
    private final MemorySegment header;
    private final MemorySegment memory;
    /// Made when they are first asked for: most of a board is never used.
    private final AtomicReferenceArray<BoardSlot> slots;
    private final PendingArea pending;

    private Board(Path file, Object fileKey, @Nullable FileChannel channel, Arena arena, MemorySegment memory) {
        this.file = file;
        this.fileKey = fileKey;
        this.channel = channel;
        this.arena = arena;
        this.master =
                new Identity(memory.get(JAVA_LONG, MASTER_PID_OFFSET), memory.get(JAVA_LONG, MASTER_START_OFFSET));
        this.header = memory.asSlice(0, HEADER_LENGTH);
        this.memory = memory;
        this.slots = new AtomicReferenceArray<>(memory.get(JAVA_INT, SLOT_COUNT_OFFSET));
        this.pending = new PendingArea(memory.asSlice(PENDINGS_OFFSET, (long) PENDING_COUNT * PENDING_LENGTH));
    }

    /// Makes an empty board. It appears under its name when it is complete; an older file of that name is replaced,
    /// and those who have that one mapped keep it.
    ///
    /// @param file where, see [BoardFile#place]
    /// @param slots 1 to 4,096
    /// @param master whose board it is
    /// @throws BoardException if there is no room or no permission; no file is left then
    public static Board create(Path file, int slots, Identity master) {
        return create(file, slots, slots, master);
    }

    /// Makes an empty board of which only the first slots have memory; the others get it with [#provide(int)].
    ///
    /// @param provided how many have memory at once, 1 to `slots`
    public static Board create(Path file, int slots, int provided, Identity master) {
        return create(file, slots, provided, master, Map.of());
    }

    /// Makes a board that is not empty.
    ///
    /// @param provided how many have memory at once, 1 to `slots`
    /// @param entries what it keeps from the beginning, see [#addPending]: they are there when the board that it
    ///     replaces is gone; what there is no room for is left out
    public static Board create(Path file, int slots, int provided, Identity master, Map<String, byte[]> entries) {
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException(
                    "cannot create the board %s: slots=%d, legal are 1 to %d".formatted(file, slots, MAX_SLOTS));
        }
        long length = BoardDescriptor.fileLength(slots);
        Arena arena = Arena.ofShared();
        try {
            Path fresh = BoardFile.passage(file);
            FileChannel channel = BoardFile.allocate(fresh, BoardDescriptor.fileLength(provided), length);
            try {
                MemorySegment memory = channel.map(MapMode.READ_WRITE, 0, length, arena);
                memory.set(JAVA_INT, VERSION_OFFSET, VERSION);
                memory.set(JAVA_INT, SLOT_COUNT_OFFSET, slots);
                memory.set(JAVA_LONG, FILE_LENGTH_OFFSET, length);
                memory.set(JAVA_LONG, MASTER_PID_OFFSET, master.pid());
                memory.set(JAVA_LONG, MASTER_START_OFFSET, master.startTime());
                memory.set(JAVA_INT, PROVIDED_OFFSET, provided);
                // Pairs with the first load in attach().
                Words.setLong(memory, MAGIC_OFFSET, MAGIC);
                Board board = new Board(file, fileKey(fresh), channel, arena, memory);
                entries.forEach(board::addPending);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                for (int number = 0; number < provided; number++) {
                    board.slot(number).touch();
                }
                return board;
            } catch (IOException | RuntimeException e) {
                BoardFile.discard(channel, fresh);
                throw e;
            }
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        } catch (IOException e) {
            arena.close();
            throw new BoardException(
                    "cannot create the board %s for %d slots, %d bytes: %s; make room or give another run.dir"
                            .formatted(file, slots, length, e),
                    e);
        }
    }

    /// Maps a board that exists.
    ///
    /// @throws BoardException if there is none, or it is not a board of this version, or it belongs to another user
    public static Board attach(Path file) {
        Arena arena = Arena.ofShared();
        try {
            if (BoardFile.foreign(file)) {
                throw refused(file, "its owner is another user");
            }
            Object key = fileKey(file);
            MemorySegment memory = map(file, arena);
            verify(file, memory);
            return new Board(file, key, null, arena, memory);
        } catch (IOException e) {
            arena.close();
            throw new BoardException(
                    "cannot attach to the board %s: %s; is the master that made it still there?".formatted(file, e), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// How many slots it has.
    public int slots() {
        return slots.length();
    }

    /// How many of them have memory: the first ones. The others must not be touched.
    public int provided() {
        return Math.clamp(Words.getInt(header, PROVIDED_OFFSET), 0, slots.length());
    }

    /// Gives memory to all slots up to this one, so that no store into them can fail later. Of the master only.
    ///
    /// @throws BoardException if there is no memory; the board is as before
    /// @throws IllegalStateException if it was not created by this process
    public void provide(int number) {
        int before = provided();
        int last = Objects.checkIndex(number, slots.length());
        if (last < before) {
            return;
        }
        if (channel == null) {
            throw new IllegalStateException(
                    "cannot get memory for slot %d of the board %s: only its master can".formatted(number, file));
        }
        try {
            BoardFile.fill(channel, BoardDescriptor.fileLength(before), BoardDescriptor.fileLength(last + 1));
        } catch (IOException e) {
            throw new BoardException(
                    "cannot get memory for slot %d of the board %s: %s; make room there".formatted(number, file, e), e);
        }
        for (int slot = before; slot <= last; slot++) {
            slot(slot).touch();
        }
        Words.setInt(header, PROVIDED_OFFSET, last + 1);
    }

    /// @param number from 0
    /// @throws IndexOutOfBoundsException if there is no such slot
    public BoardSlot slot(int number) {
        BoardSlot known = slots.get(Objects.checkIndex(number, slots.length()));
        if (known != null) {
            return known;
        }
        BoardSlot fresh =
                new BoardSlot(number, memory.asSlice(SLOTS_OFFSET + (long) number * SLOT_LENGTH, SLOT_LENGTH));
        return slots.compareAndSet(number, null, fresh) ? fresh : Objects.requireNonNull(slots.get(number));
    }

    /// Who created it.
    public Identity master() {
        return master;
    }

    /// Where it is.
    public Path file() {
        return file;
    }

    /// Keeps an entry until it is removed, over the death of this process. An entry with the same key is replaced.
    /// Of the master only.
    ///
    /// @param key 1 to 64 bytes
    /// @param entry at most 1,968 bytes
    /// @return false if there is no room: nothing was changed then
    public boolean addPending(String key, byte[] entry) {
        return pending.add(key, entry);
    }

    /// Removes an entry. Of the master only.
    ///
    /// @return false if there was none
    public boolean removePending(String key) {
        return pending.remove(key);
    }

    /// All entries by key, in the order in which they came. In another process than the master's, while that lives,
    /// an entry that is being replaced may be missing.
    public Map<String, byte[]> pending() {
        return pending.all();
    }

    /// Unmaps it and leaves the file. A second call does nothing.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException _) {
            // Everything was written before.
        }
    }

    /// Removes the file, unless another board has taken its name by now, and closes.
    ///
    /// @throws BoardException if the file cannot be removed; it is closed all the same
    public void delete() {
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && fileKey(file).equals(fileKey)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new BoardException("cannot remove the board %s: %s; remove it by hand".formatted(file, e), e);
        } finally {
            close();
        }
    }

    private static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size(), arena);
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static void verify(Path file, MemorySegment memory) {
        if (memory.byteSize() < HEADER_LENGTH) {
            throw refused(file, "length=%d, expected at least length=%d".formatted(memory.byteSize(), HEADER_LENGTH));
        }
        long magic = Words.getLong(memory, MAGIC_OFFSET);
        if (magic != MAGIC) {
            throw refused(file, "magic=%016x, expected magic=%016x".formatted(magic, MAGIC));
        }
        int version = memory.get(JAVA_INT, VERSION_OFFSET);
        if (version != VERSION) {
            throw refused(file, "version=%d, expected version=%d".formatted(version, VERSION));
        }
        int slots = memory.get(JAVA_INT, SLOT_COUNT_OFFSET);
        if (slots < 1 || slots > MAX_SLOTS) {
            throw refused(file, "slots=%d, legal are 1 to %d".formatted(slots, MAX_SLOTS));
        }
        long length = memory.get(JAVA_LONG, FILE_LENGTH_OFFSET);
        long expected = BoardDescriptor.fileLength(slots);
        if (length != expected || memory.byteSize() != expected) {
            throw refused(
                    file,
                    "length=%d in a file of length=%d, expected length=%d for slots=%d"
                            .formatted(length, memory.byteSize(), expected, slots));
        }
    }

    private static BoardException refused(Path file, String why) {
        return new BoardException("cannot attach to the board %s: %s; it is left as it is".formatted(file, why));
    }
}
