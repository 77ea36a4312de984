package dev.muster.web;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The listening socket of a web worker, for a server that accepts with a thread which waits, as Jetty does: it waits
/// here while nobody connects, while another process was quicker, and while it is not to accept. The server may close
/// this channel and change its mode; neither reaches the socket that it stands for, which other processes need.
///
/// **Threads:** one accepts; the rest from any. An interrupt ends [#accept]; tell [#accepting] first, as an interrupt
/// in the very moment of accepting would close the socket itself.
public final class BorrowedChannel extends ServerSocketChannel {
    private final ServerSocketChannel lent;
    private final Selector selector;
    private final SelectionKey key;
    /// Held while a connection is taken.
    private final Object turn = new Object();
    // Guarded by `turn`.
    private boolean accepting;

    private BorrowedChannel(ServerSocketChannel lent) throws IOException {
        super(lent.provider());
        this.lent = lent;
        var _ = lent.configureBlocking(false);
        selector = lent.provider().openSelector();
        key = lent.register(selector, 0);
    }

    /// One that does not accept yet.
    ///
    /// @param listening as [WebHost#listening()] gives it
    public static BorrowedChannel of(ServerSocketChannel listening) throws IOException {
        return new BorrowedChannel(listening);
    }

    /// Whether connections are accepted. After `accepting(false)` none is being accepted any more.
    public void accepting(boolean value) {
        synchronized (turn) {
            if (!isOpen()) {
                return;
            }
            accepting = value;
            key.interestOps(value ? SelectionKey.OP_ACCEPT : 0);
        }
        selector.wakeup();
    }

    /// Waits for a connection.
    ///
    /// @throws AsynchronousCloseException if this channel is closed meanwhile, also by an interrupt
    @Override
    public SocketChannel accept() throws IOException {
        try {
            while (true) {
                int _ = selector.select();
                selector.selectedKeys().clear();
                if (Thread.currentThread().isInterrupted()) {
                    close();
                    throw new ClosedByInterruptException();
                }
                SocketChannel connection = take();
                if (connection != null) {
                    return connection;
                }
            }
        } catch (ClosedSelectorException _) {
            throw new AsynchronousCloseException();
        }
    }

    private @Nullable SocketChannel take() throws IOException {
        synchronized (turn) {
            return accepting && isOpen() ? lent.accept() : null;
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        synchronized (turn) {
            selector.close();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // The mode is one for all processes that have the socket.
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) {
        throw new AlreadyBoundException();
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        var _ = lent.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return lent.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return lent.supportedOptions();
    }

    /// To be asked for its address; its `close` would close the socket itself.
    @Override
    public ServerSocket socket() {
        return lent.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return lent.getLocalAddress();
    }
}
