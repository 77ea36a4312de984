package dev.muster.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The socket that is lent to a server: waiting, pausing, and that it cannot be closed.
@Timeout(30)
class BorrowedChannelTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @SuppressWarnings("NullAway.Init")
    private ServerSocketChannel socket;

    @SuppressWarnings("NullAway.Init")
    private BorrowedChannel channel;

    @BeforeEach
    void open() throws IOException {
        socket = ServerSocketChannel.open();
        var _ = socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel = BorrowedChannel.of(socket);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        socket.close();
        threads.close();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(socket.getLocalAddress());
    }

    private Future<SocketChannel> accepting() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<SocketChannel> accepted = threads.submit(() -> {
            thread.complete(Thread.currentThread());
            return channel.accept();
        });
        Thread waiting = thread.join();
        Awaitility.await("the thread to wait in the selector")
                .until(() -> accepted.isDone()
                        || Arrays.stream(waiting.getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("select")));
        return accepted;
    }

    @Test
    void itWaitsUntilItIsToAcceptAndSomebodyComes() throws Exception {
        Future<SocketChannel> accepted = accepting();
        try (SocketChannel client = connect()) {
            assertThat(accepted.isDone()).isFalse();
            channel.accepting(true);
            try (SocketChannel server = accepted.get()) {
                assertThat(server.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            }
        }
    }

    @Test
    void afterAPauseWhoComesWaitsInTheQueueOfThePort() throws Exception {
        channel.accepting(true);
        Future<SocketChannel> accepted = accepting();
        channel.accepting(false);
        try (SocketChannel client = connect();
                SocketChannel other = socket.accept()) {
            assertThat(other.getRemoteAddress()).isEqualTo(client.getLocalAddress());
            assertThat(accepted.isDone()).isFalse();
        }
    }

    @Test
    void closingItEndsTheWaitAndLeavesTheSocketOpen() throws Exception {
        Future<SocketChannel> accepted = accepting();
        channel.accepting(true);
        channel.close();
        assertThatThrownBy(accepted::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AsynchronousCloseException.class);
        channel.accepting(true);
        assertStillListening();
    }

    @Test
    void anInterruptEndsTheWaitAndLeavesTheSocketOpen() throws Exception {
        Future<SocketChannel> accepted = accepting();
        channel.accepting(true);
        threads.shutdownNow();
        assertThatThrownBy(accepted::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClosedByInterruptException.class);
        assertThat(channel.isOpen()).isFalse();
        assertStillListening();
    }

    @Test
    void itsModeIsItsOwn() throws IOException {
        var _ = channel.configureBlocking(true);
        assertThat(socket.isBlocking()).isFalse();
        assertThat(channel.getLocalAddress()).isEqualTo(socket.getLocalAddress());
        assertThatThrownBy(() -> channel.bind(null)).isInstanceOf(AlreadyBoundException.class);
    }

    private void assertStillListening() throws IOException {
        assertThat(socket.isOpen()).isTrue();
        try (SocketChannel client = connect();
                SocketChannel server = socket.accept()) {
            assertThat(server.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
    }
}
