package dev.muster.concurrency.memory;

import dev.muster.memory.Channel;
import dev.muster.memory.Column;
import dev.muster.memory.Counter;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedLock;
import dev.muster.memory.SharedMemory;
import dev.muster.memory.Table;
import dev.muster.os.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// The shared memory of this JVM, in `/dev/shm`, where it is in production too.
///
/// **Lifetime:** that of the JVM. What one leaves that was killed is removed by the next one.
public final class Application {
    private static final MemoryDirectory DIRECTORY =
            MemoryDirectory.create(Path.of("/dev/shm/muster-concurrency.board"), Identity.self());

    static {
        SharedMemory.use(DIRECTORY);
        Runtime.getRuntime().addShutdownHook(new Thread(DIRECTORY::delete));
    }

    private Application() {}

    /// A table.
    public static Table table(String name, int rows, Column... columns) {
        return Table.named(name, rows, columns);
    }

    /// So many channels of bytes.
    public static List<Channel<byte[]>> channels(String name, int count, int capacity, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> Channel.bytes(name + i, capacity, bytes))
                .toList();
    }

    /// So many counters.
    public static List<Counter> counters(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> Counter.named(name + i)).toList();
    }

    /// So many locks.
    public static List<SharedLock> locks(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> SharedLock.named(name + i))
                .toList();
    }
}
