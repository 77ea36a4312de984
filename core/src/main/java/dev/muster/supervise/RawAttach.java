package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.os.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// Asks a virtual machine for a thread dump over its attach socket, without the JDK's attach API: that would need a
/// virtual machine of its own, and cannot be given up when the target does not answer. It also works where nobody reads
/// what the target prints.
///
/// **Threads:** any; blocks up to the deadline. **Failure:** an empty answer.
final class RawAttach {
    private static final byte[] THREAD_DUMP = "1\0threaddump\0\0\0\0".getBytes(US_ASCII);
    private static final int LONGEST = 4 << 20;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Path TEMPORARY = Path.of("/tmp");

    private RawAttach() {}

    /// @param pid a child whose virtual machine handles SIGQUIT
    /// @param deadline an instant of `System.nanoTime()`
    static String threadDump(long pid, long deadline) {
        Path socket = TEMPORARY.resolve(".java_pid" + pid);
        try {
            if (!Files.exists(socket) && !opened(pid, socket, deadline)) {
                return "";
            }
            return ask(socket, deadline);
        } catch (IOException | RuntimeException _) {
            return "";
        }
    }

    /// Has the virtual machine open its socket: it does so on SIGQUIT if it finds this file.
    private static boolean opened(long pid, Path socket, long deadline) throws IOException {
        Path request = TEMPORARY.resolve(".attach_pid" + pid);
        try {
            Path _ = Files.createFile(request);
        } catch (FileAlreadyExistsException _) {
            // Somebody else is about to attach: the same file serves both.
        }
        try {
            if (!Signals.send(pid, Signals.QUIT)) {
                return false;
            }
            while (!Files.exists(socket)) {
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return true;
        } finally {
            boolean _ = Files.deleteIfExists(request);
        }
    }

    private static String ask(Path socket, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            boolean _ = channel.connect(UnixDomainSocketAddress.of(socket));
            int _ = channel.write(ByteBuffer.wrap(THREAD_DUMP));
            var _ = channel.configureBlocking(false);
            SelectionKey _ = channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(32 << 10);
            int count = 0;
            while (count >= 0 && answer.size() < LONGEST) {
                answer.write(buffer.array(), 0, count);
                count = channel.read(buffer.clear());
                long left = deadline - System.nanoTime();
                if (count == 0 && left <= 0) {
                    break;
                }
                if (count == 0) {
                    int _ = selector.select(_ -> {}, Math.max(1, left / 1_000_000));
                }
            }
        }
        String text = answer.toString(UTF_8);
        // The first line is the result of the request: 0 if it was done.
        return text.startsWith("0\n") ? text.substring(2) : "";
    }
}
