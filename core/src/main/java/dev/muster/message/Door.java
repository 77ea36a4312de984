package dev.muster.message;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/// A socket on which this process lets others in; and how to get to that of another process.
///
/// It is bound under another name and then renamed: whoever finds it under its own name finds somebody who listens, and
/// if it takes the place of a predecessor's, whoever connects reaches the one or the other.
///
/// **Threads:** [#open] and [#close] from any; guests come on the thread of the loop. **Lifetime:** until [#close]; the
/// file stays. **Failure:** without a free descriptor guests wait in the queue of the kernel.
final class Door implements PostLoop.Watcher {
    private static final System.Logger LOG = System.getLogger("dev.muster.message");
    private static final int BACKLOG = 128;
    private static final long SHORTAGE_NANOS = 100_000_000L;

    private final PostLoop loop;
    private final ServerSocketChannel socket;
    private final String what;
    private final Consumer<SocketChannel> guests;

    private Door(PostLoop loop, ServerSocketChannel socket, String what, Consumer<SocketChannel> guests) {
        this.loop = loop;
        this.socket = socket;
        this.what = what;
        this.guests = guests;
    }

    /// Lets others in from now on.
    ///
    /// @param temporary where nobody looks; what is there is removed
    /// @param what it belongs to, for the log
    /// @param guests takes the sockets of those who come
    /// @throws IOException if it cannot be made
    static Door open(PostLoop loop, Path temporary, Path path, String what, Consumer<SocketChannel> guests)
            throws IOException {
        boolean _ = Files.deleteIfExists(temporary);
        ServerSocketChannel fresh = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            var _ = fresh.bind(UnixDomainSocketAddress.of(temporary), BACKLOG);
            var _ = Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            var _ = fresh.configureBlocking(false);
            var _ = Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            fresh.close();
            throw e;
        }
        Door door = new Door(loop, fresh, what, guests);
        loop.execute(door::register);
        return door;
    }

    /// Connects to a socket; reads and writes of the connection do not block.
    ///
    /// @throws java.net.ConnectException if nobody listens there any more
    /// @throws IOException if it cannot be connected to now; one whose queue of connections is full says so at once
    static SocketChannel connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            var _ = channel.configureBlocking(false);
            connected = channel.connect(UnixDomainSocketAddress.of(path));
        } finally {
            if (!connected) {
                channel.close();
            }
        }
        if (!connected) {
            throw new IOException("it takes no more connections now");
        }
        return channel;
    }

    private void register() {
        try {
            var _ = socket.register(loop.selector(), SelectionKey.OP_ACCEPT, this);
        } catch (ClosedChannelException _) {
            // Closed before anybody came.
        }
    }

    /// Lets nobody in any more.
    void close() {
        loop.execute(() -> {
            try {
                socket.close();
            } catch (IOException _) {
                // It is closed either way.
            }
        });
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (SocketChannel channel = socket.accept(); channel != null; channel = socket.accept()) {
                var _ = channel.configureBlocking(false);
                guests.accept(channel);
            }
        } catch (IOException e) {
            // Too many open files, most likely: the connection waits in the kernel until there is one free.
            var _ = key.interestOps(0);
            loop.later(SHORTAGE_NANOS, () -> {
                if (key.isValid()) {
                    var _ = key.interestOps(SelectionKey.OP_ACCEPT);
                }
            });
        }
    }

    @Override
    public void failed(IOException why) {
        LOG.log(Level.ERROR, what + " takes no new connections for messages any more", why);
    }
}
