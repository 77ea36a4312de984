package dev.muster.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// How many descriptors this process may have open at once. `RLIMIT_NOFILE` in `getrlimit(2)`.
///
/// **Threads:** any; it holds for the process. **Lifetime:** until it is set again; processes that are started later
/// inherit it. **Failure:** see [#limit(int)].
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7;
    private static final int CAP_SYS_RESOURCE = 24;
    private static final String ROW = "Max open files";
    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    private OpenFiles() {}

    /// Sets the soft and the hard limit.
    ///
    /// @throws NativeException `EPERM` if it is above [#most()]
    public static void limit(int files) {
        if (!Natives.available()) {
            throw Natives.refusal("limit the number of open files");
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment limit = memory.allocate(2L * Long.BYTES, Long.BYTES);
            limit.setAtIndex(Native.LONG, 0, files);
            limit.setAtIndex(Native.LONG, 1, files);
            MemorySegment state = Native.state();
            if (Syscall.call(state, Native.PLATFORM.prlimit(), 0, RLIMIT_NOFILE, limit.address(), 0) != 0) {
                throw Native.failure(state, "prlimit(RLIMIT_NOFILE, " + files + ")");
            }
        }
    }

    /// The most that a process started from this one may ask for: the hard limit, or with the right to raise it
    /// what the kernel allows at all.
    public static long most() {
        return Privileges.has(CAP_SYS_RESOURCE)
                ? ProcFs.read("/proc/sys/fs/nr_open", 64)
                        .map(text -> Long.parseLong(text.strip()))
                        .orElse(Long.MAX_VALUE)
                : limits().get(1);
    }

    /// How many more this process can open now, found out by opening them. Where that cannot be found out there is
    /// room.
    ///
    /// @param most where the count ends
    /// @return 0 to `most`
    public static int room(int most) {
        if (!Files.isReadable(ALWAYS_THERE)) {
            return most;
        }
        List<FileChannel> opened = new ArrayList<>(most);
        try {
            while (opened.size() < most) {
                opened.add(FileChannel.open(ALWAYS_THERE, StandardOpenOption.READ));
            }
        } catch (IOException _) {
            // That was one too many.
        } finally {
            opened.forEach(OpenFiles::close);
        }
        return opened.size();
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + ALWAYS_THERE, e);
        }
    }

    /// The soft limit of this process, also when nothing can be opened any more that would say it.
    ///
    /// @return 0 if it is not known
    public static long limit() {
        long said = limits().getFirst();
        if (said < Long.MAX_VALUE) {
            return said;
        }
        // Then all numbers below it are taken, and to ask for one of them takes none.
        int number = 0;
        while (Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS)) {
            number++;
        }
        return number;
    }

    /// The soft and the hard limit of this process.
    public static List<Long> limits() {
        return ProcFs.limits(ROW);
    }
}
