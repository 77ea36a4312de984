package dev.muster.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.control.ControlServer.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("degraded")
@Timeout(60)
@ResourceLock("threads of control servers")
class ControlServerTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Message.Hello HELLO = new Message.Hello("token", 1, "incarnation", "25");

    @TempDir
    Path directory;

    private Path socket = Path.of("");
    private RecordingListener listener = new RecordingListener();
    private @Nullable ControlServer server;

    @BeforeEach
    void open() throws IOException {
        socket = directory.resolve("control.sock");
        open((_, _) -> {});
    }

    private void open(BiConsumer<Connection, Message> answer) throws IOException {
        if (server != null) {
            server.close();
        }
        listener = new RecordingListener(answer);
        server = ControlServer.open(socket, listener);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        Objects.requireNonNull(server).close();
        assertThat(socket).doesNotExist();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("control");
    }

    @Test
    void socketIsForItsUserOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void aSocketOfADeadMasterIsReplacedButNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertThatIOException()
                .isThrownBy(() -> ControlServer.open(file, listener))
                .withMessageContaining(file.toString());
        assertThat(file).hasContent("precious");

        Path stale = directory.resolve("stale.sock");
        try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = channel.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        try (ControlServer second = ControlServer.open(stale, new RecordingListener());
                ControlClient client = ControlClient.connect(stale, Duration.ZERO)) {
            client.send(HELLO);
            assertThat(second).isNotNull();
        }
        assertThat(stale).doesNotExist();
    }

    @Test
    @Tag("native-only")
    void thePeerIsThisProcess() throws Exception {
        try (ControlClient client = connect()) {
            client.send(HELLO);
            Connection connection = connection();
            assertThat(connection.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(connection.uid()).isEqualTo(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            assertThat(connection.attachment()).isNull();
            connection.attach("mine");
            assertThat(connection.attachment()).isEqualTo("mine");
        }
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        assertThat(listener.violations).isEmpty();
    }

    @Test
    void messagesArriveInOrderInBothDirections() throws Exception {
        open((connection, message) -> {
            if (message instanceof Message.StatsRequest request) {
                connection.send(new Message.Progress("x".repeat((int) request.request())));
            }
        });
        Random random = new Random(7);
        try (ControlClient client = connect()) {
            for (int i = 0; i < 300; i++) {
                int length = i % 50 == 0 ? 900_000 : random.nextInt(3000);
                client.send(new Message.StatsRequest(length));
                assertThat(client.receive()).isEqualTo(new Message.Progress("x".repeat(length)));
            }
        }
    }

    @Test
    void manyThreadsSendWhole() throws Exception {
        try (ControlClient client = connect()) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String text = Integer.toString(t).repeat(5000);
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 100; i++) {
                        send(client, new Message.Bye(ExitReason.CLEAN, text, false));
                    }
                }));
            }
            for (int i = 0; i < 400; i++) {
                Message.Bye bye = (Message.Bye) next();
                assertThat(bye.detail()).matches("0{5000}|1{5000}|2{5000}|3{5000}");
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void anAnswerThatIsFollowedByTheEndArrives() throws Exception {
        open((connection, _) -> {
            for (int i = 0; i < 9; i++) {
                connection.send(new Message.Progress("x".repeat(100_000)));
            }
            connection.send(new Message.Reply(0, "done"));
            connection.close();
            connection.send(new Message.Progress("too late"));
        });
        try (ControlClient client = connect()) {
            client.send(new Message.Command(FrameCodec.VERSION, "ps", Map.of()));
            for (int i = 0; i < 9; i++) {
                assertThat(client.receive()).isInstanceOf(Message.Progress.class);
            }
            assertThat(client.receive()).isEqualTo(new Message.Reply(0, "done"));
            assertThatExceptionOfType(EOFException.class).isThrownBy(client::receive);
        }
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
        assertThat(listener.violations).isEmpty();
    }

    @Test
    void lastWordsArriveAlthoughTheirSenderIsToldSomethingWhenItIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        open((connection, message) -> {
            if (message.equals(HELLO)) {
                waitFor(gone);
                connection.send(new Message.Stop());
            }
        });
        // More than is read at a time: the rest stands in the socket when the write fails.
        var bye = new Message.Bye(ExitReason.RECYCLE, "x".repeat(150_000), false);
        try (ControlClient client = connect()) {
            client.send(HELLO);
            client.send(bye);
        }
        gone.countDown();
        assertThat(next()).isEqualTo(HELLO);
        assertThat(next()).isEqualTo(bye);
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
    }

    @Test
    void lastWordsArriveAlthoughTheirSenderIsGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        open((_, message) -> {
            if (message.equals(HELLO)) {
                waitFor(gone);
            }
        });
        var bye = new Message.Bye(ExitReason.RECYCLE, "x".repeat(100_000), false);
        try (ControlClient client = connect()) {
            client.send(HELLO);
            client.send(bye);
        }
        gone.countDown();
        assertThat(next()).isEqualTo(HELLO);
        assertThat(next()).isEqualTo(bye);
        await().atMost(WAIT).until(() -> listener.closed.size() == 1);
    }

    @Test
    void theEndOfTheServerIsSeenByItsClients() throws Exception {
        try (ControlClient client = connect()) {
            client.send(HELLO);
            connection().send(new Message.Stop());
            Objects.requireNonNull(server).close();
            assertThat(client.receive()).isEqualTo(new Message.Stop());
            assertThatExceptionOfType(EOFException.class).isThrownBy(client::receive);
            assertThat(listener.closed).hasSize(1);
            assertThatIOException().isThrownBy(() -> client.send(HELLO));
        }
        assertThatIOException()
                .isThrownBy(() -> ControlClient.connect(socket, Duration.ZERO))
                .withMessageContaining(socket.toString())
                .withMessageContaining("is the application running?");
    }

    @Test
    void theServerCanBeClosedFromItsOwnThread() throws Exception {
        open((_, _) -> {
            try {
                Objects.requireNonNull(server).close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (ControlClient client = connect()) {
            client.send(HELLO);
            assertThatExceptionOfType(EOFException.class).isThrownBy(client::receive);
        }
    }

    @Test
    void whatACallbackThrowsEndsOnlyThatConnection() throws Exception {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        open((_, message) -> {
            if (message instanceof Message.Shutdown) {
                Thread.currentThread().setUncaughtExceptionHandler((_, e) -> thrown.add(e));
                throw new IllegalStateException("defect");
            }
        });
        try (ControlClient bad = connect();
                ControlClient good = connect()) {
            bad.send(new Message.Shutdown());
            assertThatExceptionOfType(EOFException.class).isThrownBy(bad::receive);
            assertThat(next()).isEqualTo(new Message.Shutdown());
            good.send(HELLO);
            assertThat(next()).isEqualTo(HELLO);
        }
        await().atMost(WAIT).until(() -> listener.closed.size() == 2);
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aClientThatWaitsForItsServerFindsIt() throws Exception {
        Objects.requireNonNull(server).close();
        FutureTask<ControlClient> connecting = new FutureTask<>(() -> ControlClient.connect(socket, WAIT));
        var _ = Thread.ofPlatform().start(connecting);
        server = ControlServer.open(socket, listener);
        try (ControlClient client = connecting.get()) {
            client.send(HELLO);
            assertThat(next()).isEqualTo(HELLO);
        }
    }

    @Test
    void anInterruptDoesNotBreakTheConnection() throws Exception {
        try (ControlClient client = connect()) {
            FutureTask<Boolean> sending = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                client.send(HELLO);
                return Thread.currentThread().isInterrupted();
            });
            Thread.ofPlatform().start(sending).join();
            assertThat(sending.get()).isTrue();
            assertThat(next()).isEqualTo(HELLO);

            FutureTask<Message> receiving = new FutureTask<>(client::receive);
            Thread receiver = Thread.ofPlatform().start(receiving);
            receiver.interrupt();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(receiving::get)
                    .withMessageContaining("interrupted");
            connection().send(new Message.Stop());
            assertThat(client.receive()).isEqualTo(new Message.Stop());
        }
    }

    @Test
    void aBlockedSenderSurvivesInterruptsAndSendsWhole() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        open((_, message) -> {
            if (message.equals(HELLO)) {
                waitFor(read);
            }
        });
        var big = new Message.Bye(ExitReason.CLEAN, "x".repeat(1_000_000), false);
        try (ControlClient client = connect()) {
            client.send(HELLO);
            FutureTask<Boolean> sending = new FutureTask<>(() -> {
                client.send(big);
                return Thread.currentThread().isInterrupted();
            });
            Thread sender = Thread.ofPlatform().start(sending);
            awaitSelect(sender);
            sender.interrupt();
            read.countDown();
            assertThat(next()).isEqualTo(HELLO);
            assertThat(next()).isEqualTo(big);
            assertThat(sending.get()).isTrue();
        }
    }

    @Test
    void closingEndsWaitingCalls() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        open((_, _) -> waitFor(end));
        ControlClient client = connect();
        client.send(HELLO);
        FutureTask<Message> receiving = new FutureTask<>(client::receive);
        FutureTask<Boolean> sending = new FutureTask<>(() -> {
            client.send(new Message.Bye(ExitReason.CLEAN, "x".repeat(1_000_000), false));
            return true;
        });
        awaitSelect(Thread.ofPlatform().start(receiving));
        awaitSelect(Thread.ofPlatform().start(sending));
        client.close();
        client.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> receiving.get(20, SECONDS))
                .withCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> sending.get(20, SECONDS))
                .withCauseInstanceOf(IOException.class);
        end.countDown();
    }

    private ControlClient connect() throws IOException {
        return ControlClient.connect(socket, Duration.ZERO);
    }

    private Message next() throws InterruptedException {
        return Objects.requireNonNull(listener.messages.poll(20, SECONDS), "no message within 20 s");
    }

    private Connection connection() throws InterruptedException {
        return Objects.requireNonNull(listener.connections.poll(20, SECONDS), "no message within 20 s");
    }

    private static void awaitSelect(Thread thread) {
        await().atMost(WAIT).until(() -> {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getClassName().endsWith("SelectorImpl")) {
                    return true;
                }
            }
            return false;
        });
    }

    private static void send(ControlClient client, Message message) {
        try {
            client.send(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
