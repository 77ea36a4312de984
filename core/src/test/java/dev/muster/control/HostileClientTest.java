package dev.muster.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.control.ControlServer.Connection;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Clients that break the protocol, dawdle or do not read. After each, a well-behaved one is still served.
@Tag("degraded")
@Timeout(60)
@ResourceLock("threads of control servers")
class HostileClientTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Message.Hello HELLO = new Message.Hello("token", 1, "incarnation", "25");

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();
    private final List<SocketChannel> channels = new ArrayList<>();
    private Path socket = Path.of("");
    private @Nullable ControlServer server;
    private @Nullable ControlClient good;

    @BeforeEach
    void open() throws Exception {
        socket = directory.resolve("control.sock");
        server = ControlServer.open(socket, listener);
        good = ControlClient.connect(socket, Duration.ZERO);
        good.send(HELLO);
        assertThat(next()).isEqualTo(HELLO);
    }

    @AfterEach
    void theGoodOneIsStillServed() throws Exception {
        try (ControlClient client = Objects.requireNonNull(good)) {
            client.send(new Message.Ready());
            Message message = next();
            while (!message.equals(new Message.Ready())) {
                message = next();
            }
            Connection connection = Objects.requireNonNull(listener.connections.peek());
            connection.send(new Message.Stop());
            assertThat(client.receive()).isEqualTo(new Message.Stop());
        }
        for (SocketChannel channel : channels) {
            channel.close();
        }
        Objects.requireNonNull(server).close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("control");
    }

    @Test
    void garbageIsAViolation() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[200];
            random.nextBytes(garbage);
            SocketChannel channel = raw();
            write(channel, ByteBuffer.wrap(garbage));
            assertClosed(channel);
        }
        await().atMost(WAIT).until(() -> listener.closed.size() == 50);
        assertThat(listener.violations).hasSize(50);
    }

    @Test
    void aLengthOfTwoGigabytesIsAViolation() throws IOException {
        SocketChannel channel = raw();
        write(
                channel,
                ByteBuffer.allocate(12)
                        .putInt(0, Integer.MAX_VALUE)
                        .put(4, (byte) 1)
                        .put(5, (byte) 1));
        assertClosed(channel);
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        assertThat(listener.violations).containsExactly("payload of 2147483647 bytes, at most 1048564");
    }

    @Test
    void whatOnlyTheMasterMaySayIsAViolation() throws IOException {
        SocketChannel channel = raw();
        write(channel, FrameCodec.encode(new Message.Stop()));
        assertClosed(channel);
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        assertThat(listener.violations).containsExactly("message STOP from the wrong side");
    }

    @Test
    void oneByteAtATimeIsAMessage() throws Exception {
        SocketChannel channel = raw();
        var command = new Message.Command(1, "ps", Map.of("json", "true"));
        ByteBuffer frame = FrameCodec.encode(command);
        for (int i = 0; i < frame.limit(); i++) {
            write(channel, frame.slice(i, 1));
        }
        assertThat(next()).isEqualTo(command);
        assertThat(listener.violations).isEmpty();
    }

    @Test
    void theEndWithinAMessageIsAnEnd() throws IOException {
        SocketChannel channel = raw();
        write(channel, FrameCodec.encode(HELLO).slice(0, 20));
        channel.close();
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        assertThat(listener.messages).isEmpty();
        assertThat(listener.violations).isEmpty();
    }

    @Test
    void silenceAndSlownessBeforeTheFirstMessageEndInTime() throws IOException {
        long start = System.nanoTime();
        SocketChannel silent = raw();
        SocketChannel slow = raw();
        write(slow, FrameCodec.encode(HELLO).slice(0, 20));
        assertClosed(silent);
        assertClosed(slow);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(10));
        // The listener is told after the socket was closed.
        await().atMost(WAIT).until(() -> listener.closed.size() == 2);
        assertThat(listener.violations).hasSize(2).allMatch(why -> why.contains("within 5000 ms"));
    }

    @Test
    void whoHasNotSpokenMakesRoomForWhoMay() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            SocketChannel _ = raw();
        }
        SocketChannel late = raw();
        write(late, FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        assertClosed(channels.getFirst());
        await().atMost(WAIT).until(() -> listener.closed.size() >= 700);
        assertThat(listener.closed).doesNotContain(listener.connections.peek());
    }

    @Test
    void whomTheListenerKnowsDoesNotCount() throws Exception {
        for (int i = 0; i < 400; i++) {
            write(raw(), FrameCodec.encode(HELLO));
            assertThat(next()).isEqualTo(HELLO);
            listener.connections.forEach(connection -> connection.attach(this));
        }
        assertThat(listener.closed).isEmpty();
    }

    @Test
    void ofAKnownOneThatBreaksTheProtocolTheListenerDecides() throws Exception {
        SocketChannel channel = raw();
        write(channel, FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        Connection known = listener.connections.stream().skip(1).findFirst().orElseThrow();
        known.attach(this);
        write(channel, ByteBuffer.allocate(12).put(5, (byte) 99));
        await().atMost(WAIT).until(() -> listener.violations.size() == 1);
        write(channel, FrameCodec.encode(HELLO));
        known.send(new Message.Stop());
        Objects.requireNonNull(good).send(new Message.Ready());
        assertThat(next()).as("nothing of the muted one before").isEqualTo(new Message.Ready());
        assertThat(listener.closed).isEmpty();
        known.close();
        assertClosed(channel);
        await().atMost(WAIT).until(() -> listener.closed.contains(known));
    }

    @Test
    void aLostSocketFileIsMadeAgain() throws Exception {
        Files.delete(socket);
        await().atMost(WAIT).until(() -> Files.exists(socket));
        write(raw(), FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        assertThat(Files.getPosixFilePermissions(socket)).hasSize(2);

        Files.delete(socket);
        Path _ = Files.createFile(socket);
        await().atMost(WAIT).until(() -> listener.socketProblems.stream().anyMatch(why -> why.contains("no socket")));
        Files.delete(socket);
        await().atMost(WAIT).until(() -> Files.exists(socket));
        write(raw(), FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        assertThat(listener.socketProblems).startsWith("").endsWith("");
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAtOnce() throws IOException {
        for (int i = 0; i < 299; i++) {
            write(raw(), FrameCodec.encode(HELLO));
        }
        for (SocketChannel channel : channels.subList(255, 299)) {
            assertClosed(channel);
        }
        await().atMost(WAIT).until(() -> listener.messages.size() == 255);
        assertThat(listener.closed).isEmpty();
        channels.getFirst().close();
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        write(raw(), FrameCodec.encode(HELLO));
        await().atMost(WAIT).until(() -> listener.messages.size() == 256);
    }

    @Test
    void whoDoesNotReadIsClosedWhenItsQueueIsFull() throws Exception {
        SocketChannel channel = raw();
        write(channel, FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        Connection deaf = listener.connections.stream().skip(1).findFirst().orElseThrow();
        for (int i = 0; i < 40; i++) {
            deaf.send(new Message.Progress("x".repeat(100_000)));
        }
        await().atMost(WAIT).until(() -> listener.closed.contains(deaf));
        assertThat(listener.violations).singleElement().asString().startsWith("does not read: ");
        deaf.send(new Message.Stop());
    }

    @Test
    void whoDoesNotReadItsLastMessagesIsClosedInTime() throws Exception {
        SocketChannel channel = raw();
        write(channel, FrameCodec.encode(HELLO));
        assertThat(next()).isEqualTo(HELLO);
        Connection deaf = listener.connections.stream().skip(1).findFirst().orElseThrow();
        for (int i = 0; i < 9; i++) {
            deaf.send(new Message.Progress("x".repeat(100_000)));
        }
        deaf.close();
        await().atMost(WAIT).until(() -> listener.closed.contains(deaf));
        assertThat(listener.violations).isEmpty();
    }

    @Test
    void manyHalfMessagesTakeABoundedAmountOfMemory() throws IOException {
        ByteBuffer half = FrameCodec.encode(new Message.Bye(ExitReason.CLEAN, "x".repeat(1_000_000), false))
                .slice(0, 1_000_000);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SocketChannel channel = raw();
            writers.add(Thread.ofVirtual().start(() -> {
                try {
                    write(channel, half.duplicate());
                } catch (IOException e) {
                    assertThat(channel.isOpen()).isTrue();
                }
            }));
        }
        await().atMost(WAIT).until(() -> writers.stream().noneMatch(Thread::isAlive));
        await().atMost(WAIT).until(() -> listener.closed.size() >= 20);
        assertThat(listener.violations)
                .allMatch(why ->
                        why.startsWith("unfinished messages of all connections") || why.contains("within 5000 ms"));
        assertThat(listener.violations).anyMatch(why -> why.startsWith("unfinished messages"));
    }

    private SocketChannel raw() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        channels.add(channel);
        return channel;
    }

    private Message next() throws InterruptedException {
        return Objects.requireNonNull(listener.messages.poll(20, SECONDS), "no message within 20 s");
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                var _ = channel.write(bytes);
            }
        } catch (IOException e) {
            assertThat(e.getMessage())
                    .as("the server has closed the connection")
                    .containsAnyOf("Broken pipe", "reset");
        }
    }

    private static void assertClosed(SocketChannel channel) {
        try {
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } catch (IOException e) {
            // What the server had not read when it closed shows as a reset.
            assertThat(e.getMessage()).contains("reset");
        }
    }
}
