package dev.muster.console.chaos;

import dev.muster.control.FrameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Clients of the control socket that mean no good.
final class Strangers {
    private static final int CONNECTIONS = 200;
    private static final int GARBAGE = 10 << 20;
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration RECREATED = Duration.ofSeconds(15);
    private static final long MASTER_GROWTH = 48L << 20;
    private static final int DESCRIPTORS = 20;

    private Strangers() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario(
                        "garbage",
                        "29,59",
                        "10 MB of random bytes to the control socket",
                        arena -> hostile(arena, () -> List.of(garbage(arena)))),
                new Scenario(
                        "huge-frame",
                        "30,59",
                        "a frame that announces 2 GB",
                        arena -> hostile(arena, () -> List.of(huge(arena)))),
                new Scenario(
                        "idle-clients",
                        "59",
                        "200 connections that say nothing, or half a header",
                        arena -> hostile(arena, () -> idle(arena))),
                new Scenario("socket-deleted", "60", "the file of the control socket is deleted", Strangers::deleted));
    }

    /// @return how long a command takes meanwhile
    private static long hostile(Arena arena, Supplier<List<SocketChannel>> deed) {
        Set<Long> before = pids(arena);
        long memory = Masters.memory(arena);
        long descriptors = descriptors(arena);
        List<SocketChannel> clients = deed.get();
        long asked;
        long answered;
        try {
            asked = System.nanoTime();
            boolean answers = !arena.stage().rows().isEmpty();
            answered = System.nanoTime();
            Unmet.unless(answers, "the master does not answer beside a hostile client");
            Unmet.unless(
                    answered - asked < ANSWER.toNanos(),
                    "an answer beside a hostile client took " + (answered - asked) / 1_000_000 + " ms");
        } finally {
            clients.forEach(Strangers::close);
        }
        Unmet.unless(pids(arena).equals(before), "a hostile client has cost processes");
        long grown = Masters.memory(arena) - memory;
        Unmet.unless(grown < MASTER_GROWTH, "the master grew by " + (grown >> 20) + " MiB by a hostile client");
        long _ = Waiting.untilTrue(
                "that the master closes what hostile clients have left",
                Waiting.PATIENCE,
                () -> descriptors(arena) <= descriptors + DESCRIPTORS);
        return answered - asked;
    }

    private static SocketChannel garbage(Arena arena) {
        byte[] bytes = new byte[GARBAGE];
        new Random(arena.random().nextLong()).nextBytes(bytes);
        return write(connect(arena), bytes);
    }

    private static SocketChannel huge(Arena arena) {
        byte[] header = new byte[FrameCodec.HEADER];
        ByteBuffer.wrap(header)
                .putInt(Integer.MAX_VALUE)
                .put((byte) FrameCodec.VERSION)
                .put((byte) 1);
        return write(connect(arena), header);
    }

    private static List<SocketChannel> idle(Arena arena) {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel client = connect(arena);
            clients.add(i % 2 == 0 ? client : write(client, new byte[] {0, 0}));
        }
        return clients;
    }

    private static SocketChannel connect(Arena arena) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            boolean _ = channel.connect(UnixDomainSocketAddress.of(arena.stage().socket()));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to the control socket", e);
        }
    }

    /// Writes as much as the master takes; that it hangs up is what it should do.
    private static SocketChannel write(SocketChannel channel, byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            while (rest.hasRemaining()) {
                int _ = channel.write(rest);
            }
        } catch (IOException _) {
            close(channel);
        }
        return channel;
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // the other side was faster
        }
    }

    private static Set<Long> pids(Arena arena) {
        return arena.stage().rows().stream().map(Row::pid).collect(Collectors.toSet());
    }

    private static long descriptors(Arena arena) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + arena.stage().master() + "/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException("the open files of the master cannot be counted", e);
        }
    }

    /// @return from the deletion to the first answer
    private static long deleted(Arena arena) {
        try {
            Files.delete(arena.stage().socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Waiting.untilTrue(
                "an answer on a new control socket",
                RECREATED,
                () -> Files.exists(arena.stage().socket())
                        && !arena.stage().rows().isEmpty());
    }
}
