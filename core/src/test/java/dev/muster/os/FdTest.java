package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FdTest {
    @TempDir
    Path dir;

    private final int[] pipe = Fd.pipe();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16);

    @AfterEach
    void close() {
        Fd.close(pipe[0]);
        Fd.close(pipe[1]);
    }

    @Test
    void bytesComeOutInOrderIntoTheRemainingRoom() {
        assertThat(Fd.write(pipe[1], put("abcdef"))).isEqualTo(6);
        buffer.clear().position(1).limit(4);
        assertThat(Fd.read(pipe[0], buffer)).isEqualTo(3);
        assertThat(buffer.position()).isEqualTo(4);
        assertThat(Fd.read(pipe[0], buffer)).as("the buffer is full").isZero();
        assertThat(StandardCharsets.US_ASCII.decode(buffer.flip().position(1)).toString())
                .isEqualTo("abc");
    }

    @Test
    void nonBlockingAnswersZero() {
        Fd.nonBlocking(pipe[0]);
        Fd.nonBlocking(pipe[1]);
        assertThat(Fd.read(pipe[0], buffer.clear())).isZero();
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
        while (Fd.write(pipe[1], block.clear()) > 0) {
            assertThat(block.position()).isPositive();
        }
        assertThat(block.position()).isZero();
    }

    @Test
    void aDuplicateIsTheSamePipeUnderANumberOfTheWantedHeight() {
        int copy = Fd.duplicate(pipe[1], 100);
        assertThat(copy).isGreaterThanOrEqualTo(100);
        assertThat(Fd.write(copy, put("x"))).isEqualTo(1);
        Fd.close(copy);
        assertThat(Fd.read(pipe[0], buffer.clear())).isEqualTo(1);
    }

    @Test
    void errorsNameTheCallAndTheReason() {
        int copy = Fd.duplicate(pipe[1], 100);
        Fd.close(copy);
        assertThatThrownBy(() -> Fd.read(copy, buffer.clear()))
                .isInstanceOfSatisfying(NativeException.class, e -> {
                    assertThat(e.errno()).isEqualTo(9);
                    assertThat(e.shortage()).isFalse();
                })
                .hasMessage("read(" + copy + ", 16 bytes) failed: Bad file descriptor");
        assertThat(new NativeException("x()", 11).shortage()).isTrue();
        assertThat(new NativeException("x()", 99_999)).hasMessage("x() failed: errno 99999");
    }

    @Test
    void nothingIsInheritedByProgramsThatOthersStart() throws Exception {
        int copy = Fd.duplicate(pipe[1], 100);
        Path socket = dir.resolve("s");
        int listening = UnixSocket.listen(socket, 1);
        try (RunLock _ = RunLock.tryAcquire(dir.resolve("lock")).orElseThrow();
                Poller _ = new Poller();
                SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            int connection = UnixSocket.accept(listening);
            assertThat(List.of(pipe[0], pipe[1], copy, listening, connection)).allMatch(FdTest::closedOnExec);
            assertThat(descriptorsOf("/lock")).hasSize(1).allMatch(FdTest::closedOnExec);
            assertThat(descriptorsOf("[eventfd]")).anyMatch(FdTest::closedOnExec);
            Fd.close(connection);
        }
        Fd.close(listening);
        Fd.close(copy);
    }

    private static boolean closedOnExec(int fd) {
        String info = ProcFs.read("/proc/self/fdinfo/" + fd, 4096).orElseThrow();
        String flags =
                info.lines().filter(l -> l.startsWith("flags:")).findFirst().orElseThrow();
        return (Integer.parseInt(flags.substring("flags:".length()).strip(), 8) & 0_2000000) != 0;
    }

    private static List<Integer> descriptorsOf(String end) {
        return IntStream.rangeClosed(3, 300)
                .boxed()
                .filter(fd -> target(fd).endsWith(end))
                .toList();
    }

    private static String target(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void refusesBuffersOnTheHeapAndTheStandardStreams() {
        assertThatThrownBy(() -> Fd.read(pipe[0], ByteBuffer.allocate(1))).hasMessageContaining("direct buffer");
        assertThatThrownBy(() -> Fd.close(2)).hasMessageContaining("refused to close descriptor 2");
        assertThatThrownBy(() -> Fd.close(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private ByteBuffer put(String text) {
        return buffer.clear().put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    }
}
