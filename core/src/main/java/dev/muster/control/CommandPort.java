package dev.muster.control;

import dev.muster.control.Message.Command;
import dev.muster.control.Message.Progress;
import dev.muster.control.Message.Reply;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The control socket of an application that is one JVM: it serves command lines only, with the sockets of the JDK. The
/// directory of the socket is its owner's alone, and that is what keeps others out.
///
/// **Threads:** one that accepts, and one for each connection, at most [#CONNECTIONS]; a connection has 5 s for its
/// command. **Lifetime:** until [#close()]. **Failure:** the end of a command line ends its thread when it is answered;
/// what is no command is cut off.
public final class CommandPort implements AutoCloseable {
    /// More connections than this are closed at once.
    public static final int CONNECTIONS = 64;

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int BUFFER = 8192;

    /// Carries out commands.
    @FunctionalInterface
    public interface Desk {
        /// Carries a command out; may block.
        ///
        /// @param talk says something on the way
        Reply perform(Command command, Consumer<String> talk) throws InterruptedException;
    }

    private final Path socket;
    private final ServerSocketChannel listening;
    private final Desk desk;
    private final Set<Thread> serving = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private @Nullable Thread accepting;

    private CommandPort(Path socket, ServerSocketChannel listening, Desk desk) {
        this.socket = socket;
        this.listening = listening;
        this.desk = desk;
    }

    /// Opens the socket, mode 0600, and serves it. The caller holds the lock of the run directory: a socket that is
    /// there belongs to nobody and is replaced.
    ///
    /// @throws IOException if it cannot be opened there
    public static CommandPort open(Path socket, Desk desk) throws IOException {
        boolean _ = Files.deleteIfExists(socket);
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            ServerSocketChannel _ = listening.bind(UnixDomainSocketAddress.of(socket));
            Path _ = Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | RuntimeException e) {
            listening.close();
            throw new IOException("cannot open the control socket " + socket + ": " + e.getMessage(), e);
        }
        CommandPort port = new CommandPort(socket, listening, desk);
        port.accepting = Thread.ofPlatform().daemon().name("muster-control").start(port::accept);
        return port;
    }

    /// Ends all connections once their present answer is sent, at most after a second, and removes the socket.
    @Override
    public void close() throws IOException {
        listening.close();
        boolean _ = Files.deleteIfExists(socket);
        boolean interrupted = false;
        try {
            if (accepting != null) {
                accepting.join(PATIENCE_MILLIS);
            }
            for (Thread thread : serving) {
                thread.join(1_000);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        for (SocketChannel channel : open) {
            channel.close();
        }
        serving.forEach(Thread::interrupt);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel channel = listening.accept();
                if (open.size() >= CONNECTIONS) {
                    channel.close();
                    continue;
                }
                open.add(channel);
                Thread thread =
                        Thread.ofPlatform().daemon().name("muster-command").unstarted(() -> serve(channel));
                serving.add(thread);
                thread.start();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                System.getLogger("dev.muster.control")
                        .log(
                                System.Logger.Level.ERROR,
                                "the control socket fails; commands are not served any more",
                                e);
                return;
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            Command command = command(channel);
            if (command != null) {
                Reply reply = command.version() == Message.PROTOCOL_VERSION
                        ? desk.perform(command, line -> tell(channel, line))
                        : new Reply(
                                ExitCode.VERSION_MISMATCH,
                                "this command line speaks version " + command.version() + ", the application version "
                                        + Message.PROTOCOL_VERSION + "; use the command line of the application");
                send(channel, reply);
            }
        } catch (IOException e) {
            // The command line is gone, or was none.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            boolean _ = open.remove(channel);
            boolean _ = serving.remove(Thread.currentThread());
        }
    }

    private static @Nullable Command command(SocketChannel channel) throws IOException {
        FrameReader reader = new FrameReader(MessageType.Direction.TO_MASTER);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try (Selector selector = Selector.open()) {
            var _ = channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return null;
                }
                int _ = selector.select(left);
                selector.selectedKeys().clear();
                if (channel.read(bytes.clear()) < 0) {
                    return null;
                }
                Message message = reader.read(bytes.flip());
                if (message != null) {
                    return message instanceof Command command ? command : null;
                }
            }
        }
    }

    private static void tell(SocketChannel channel, String line) {
        try {
            send(channel, new Progress(line));
        } catch (IOException _) {
            // The answer fails too, and is given up there.
        }
    }

    /// Frames are short and a command line reads: a full socket for long means that nobody does.
    private static void send(SocketChannel channel, Message message) throws IOException {
        ByteBuffer frame = FrameCodec.encode(message);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try (Selector selector = Selector.open()) {
            var _ = channel.configureBlocking(false).register(selector, SelectionKey.OP_WRITE);
            while (frame.hasRemaining()) {
                if (channel.write(frame) == 0) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        throw new IOException("the command line does not read its answer");
                    }
                    int _ = selector.select(left);
                    selector.selectedKeys().clear();
                }
            }
        }
    }
}
