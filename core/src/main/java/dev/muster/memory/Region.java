package dev.muster.memory;

import static dev.muster.memory.RegionDescriptor.CREATOR_OFFSET;
import static dev.muster.memory.RegionDescriptor.FILE_LENGTH_OFFSET;
import static dev.muster.memory.RegionDescriptor.KIND_OFFSET;
import static dev.muster.memory.RegionDescriptor.MAGIC;
import static dev.muster.memory.RegionDescriptor.MAGIC_OFFSET;
import static dev.muster.memory.RegionDescriptor.SCHEMA_CAPACITY;
import static dev.muster.memory.RegionDescriptor.SCHEMA_LENGTH_OFFSET;
import static dev.muster.memory.RegionDescriptor.SCHEMA_OFFSET;
import static dev.muster.memory.RegionDescriptor.VERSION;
import static dev.muster.memory.RegionDescriptor.VERSION_OFFSET;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.muster.os.Words;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// One file of shared memory, mapped: a header that says what it is, and behind it the bytes of its kind.
///
/// **Threads:** any. **Lifetime:** mapped as long as somebody in this process uses it; the file lives as long as the
/// application. **Failure:** a file that somebody truncates takes its bytes from all who use it: every access is an
/// `InternalError` then, which the kinds turn into a [MemoryException].
final class Region {
    private final RegionKind kind;
    private final String name;
    private final Path file;
    private final MemorySegment memory;

    private Region(RegionKind kind, String name, Path file, MemorySegment memory) {
        this.kind = kind;
        this.name = name;
        this.file = file;
        this.memory = memory;
    }

    /// Fills the header of a new file; the body is zeros, or what the kind makes of it before this.
    static void describe(MemorySegment memory, RegionKind kind, String schema) {
        byte[] text = schema.getBytes(StandardCharsets.UTF_8);
        memory.set(JAVA_INT, VERSION_OFFSET, VERSION);
        memory.set(JAVA_INT, KIND_OFFSET, kind.code());
        memory.set(JAVA_LONG, FILE_LENGTH_OFFSET, memory.byteSize());
        memory.set(JAVA_LONG, CREATOR_OFFSET, Owner.SELF);
        memory.set(JAVA_INT, SCHEMA_LENGTH_OFFSET, text.length);
        Words.setBytes(memory, SCHEMA_OFFSET, text);
        // Pairs with the first load in verify().
        Words.setLong(memory, MAGIC_OFFSET, MAGIC);
    }

    /// Maps a file that is complete.
    ///
    /// @throws MemoryException if it is something else
    static Region attach(RegionKind kind, String name, Path file) throws IOException {
        return map(kind, name, file, MapMode.READ_WRITE, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /// The same for who only looks.
    static Region look(RegionKind kind, String name, Path file) throws IOException {
        return map(kind, name, file, MapMode.READ_ONLY, Set.of(StandardOpenOption.READ));
    }

    private static Region map(RegionKind kind, String name, Path file, MapMode mode, Set<StandardOpenOption> how)
            throws IOException {
        Region region = new Region(kind, name, file, memory(file, mode, how));
        region.verify();
        return region;
    }

    static MemorySegment memory(Path file, MapMode mode, Set<StandardOpenOption> how) throws IOException {
        Set<OpenOption> options = new HashSet<>(how);
        options.add(LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, options)) {
            // Unmapped when nothing in this process refers to it any more: user code may still be inside.
            return channel.map(mode, 0, channel.size(), Arena.ofAuto());
        }
    }

    private void verify() {
        if (memory.byteSize() < RegionDescriptor.BODY_OFFSET) {
            throw refused("length=" + memory.byteSize() + ", expected at least " + RegionDescriptor.BODY_OFFSET);
        }
        long magic = Words.getLong(memory, MAGIC_OFFSET);
        int version = memory.get(JAVA_INT, VERSION_OFFSET);
        int code = memory.get(JAVA_INT, KIND_OFFSET);
        long length = memory.get(JAVA_LONG, FILE_LENGTH_OFFSET);
        if (magic != MAGIC || version != VERSION || code != kind.code()) {
            throw refused("magic=%016x version=%d kind=%d, expected magic=%016x version=%d kind=%d"
                    .formatted(magic, version, code, MAGIC, VERSION, kind.code()));
        }
        if (length != memory.byteSize()) {
            throw refused("length=%d in a file of length=%d; somebody has changed its length"
                    .formatted(length, memory.byteSize()));
        }
    }

    private MemoryException refused(String why) {
        return new MemoryException("cannot use %s %s: the file %s is not one: %s; restart the application"
                .formatted(kind.word(), name, file, why));
    }

    /// @throws MemoryException if it was created with another schema
    void expect(String schema) {
        String found = schema();
        if (!found.equals(schema)) {
            throw new MemoryException(
                    "the %s %s is declared as '%s' here, and was created by process %d as '%s'; declare"
                                    .formatted(
                                            kind.word(),
                                            name,
                                            schema,
                                            Owner.process(memory.get(JAVA_LONG, CREATOR_OFFSET))
                                                    .pid(),
                                            found)
                            + " it alike everywhere, or give one of them another name");
        }
    }

    String schema() {
        int length = Math.clamp(memory.get(JAVA_INT, SCHEMA_LENGTH_OFFSET), 0, SCHEMA_CAPACITY);
        return new String(Words.getBytes(memory, SCHEMA_OFFSET, length), StandardCharsets.UTF_8);
    }

    RegionKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    MemorySegment memory() {
        return memory;
    }

    /// What to throw for an `InternalError` of an access.
    MemoryException lost(InternalError error) {
        String now;
        try {
            now = Files.size(file) + " bytes";
        } catch (IOException e) {
            now = "missing";
        }
        return new MemoryException(
                "the %s %s is lost: its file %s was made of %d bytes and is %s now; restart the application, and find who"
                                .formatted(kind.word(), name, file, memory.byteSize(), now)
                        + " changes files under " + file.getParent(),
                error);
    }
}
