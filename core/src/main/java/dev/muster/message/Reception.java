package dev.muster.message;

import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.board.BoardSlot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The part of a process that takes in what others send: its socket, its inbox, its pipe.
///
/// The socket is bound under another name and then takes the place of its predecessor's, so whoever connects reaches
/// the one or the other.
///
/// **Threads:** orders from any; connections on the thread of the loop.
final class Reception implements Incoming.Office, PostLoop.Watcher {
    private static final System.Logger LOG = System.getLogger("dev.muster.message");
    private static final int BACKLOG = 128;
    private static final long SHORTAGE_NANOS = 100_000_000L;

    private final Addresses addresses;
    private final Limits limits;
    private final IntSupplier self;
    private final Post.Manners manners;
    private final Inbox inbox;
    private final @Nullable ProcessPipe pipe;
    private final Set<Incoming> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean paused;
    private volatile boolean leaving;
    private volatile @Nullable PostLoop loop;
    private @Nullable ServerSocketChannel socket;
    private int bound = -1;

    Reception(
            Addresses addresses, Limits limits, IntSupplier self, IntFunction<BoardSlot> seats, Post.Manners manners) {
        this.addresses = addresses;
        this.limits = limits;
        this.self = self;
        this.manners = manners;
        BoardSlot shown = seats.apply(manners.seat());
        this.inbox = new Inbox(limits.backlog(), limits.inbox(), shown::backlog);
        this.pipe = manners.pipe() == PipeType.NONE ? null : new ProcessPipe(manners.pipe(), limits.maxSize(), inbox);
    }

    boolean takesSomething() {
        return manners.messages() || manners.tasks() || pipe != null;
    }

    @Nullable
    ProcessPipe pipe() {
        return pipe;
    }

    synchronized void open(PostLoop running) {
        loop = running;
        int slot = self.getAsInt();
        if (bound != slot) {
            try {
                bind(running, slot);
                bound = slot;
            } catch (IOException e) {
                LOG.log(
                        Level.ERROR,
                        "slot " + slot + " takes no messages: its socket " + addresses.of(manners.role(), slot)
                                + " cannot be made; is the run directory still there?",
                        e);
            }
        }
        paused = false;
    }

    private void bind(PostLoop running, int slot) throws IOException {
        Path temporary = addresses.temporary(slot);
        boolean _ = Files.deleteIfExists(temporary);
        ServerSocketChannel fresh = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            var _ = fresh.bind(UnixDomainSocketAddress.of(temporary), BACKLOG);
            var _ = Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            var _ = fresh.configureBlocking(false);
            var _ = Files.move(temporary, addresses.of(manners.role(), slot), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            fresh.close();
            throw e;
        }
        ServerSocketChannel before = socket;
        socket = fresh;
        running.execute(() -> {
            try {
                if (before != null) {
                    before.close();
                }
                var _ = fresh.register(running.selector(), SelectionKey.OP_ACCEPT, this);
            } catch (IOException e) {
                failed(e);
            }
        });
    }

    void pause() {
        paused = true;
    }

    void leave() {
        leaving = true;
        inbox.seal();
    }

    synchronized void close() {
        ServerSocketChannel open = socket;
        PostLoop running = loop;
        if (running != null) {
            running.execute(() -> {
                try {
                    if (open != null) {
                        open.close();
                    }
                } catch (IOException _) {
                    // It is closed either way.
                }
            });
        }
        connections.forEach(Connection::close);
        if (pipe != null) {
            pipe.close();
        }
    }

    // ---- the loop

    @Override
    public void ready(SelectionKey key) {
        ServerSocketChannel listening = (ServerSocketChannel) key.channel();
        PostLoop running = loop;
        if (running == null) {
            return;
        }
        try {
            for (SocketChannel channel = listening.accept(); channel != null; channel = listening.accept()) {
                var _ = channel.configureBlocking(false);
                // Answers are results at most; whoever reads none of them is cut off.
                Incoming connection = new Incoming(running, channel, this, Math.max(16L << 20, 2L * limits.maxSize()));
                connections.add(connection);
                connection.watch();
            }
        } catch (IOException e) {
            // Too many open files, most likely: the connection waits in the kernel until there is one free.
            var _ = key.interestOps(0);
            running.later(SHORTAGE_NANOS, () -> {
                if (key.isValid()) {
                    var _ = key.interestOps(SelectionKey.OP_ACCEPT);
                }
            });
        }
    }

    @Override
    public void failed(IOException why) {
        LOG.log(Level.ERROR, "slot " + self.getAsInt() + " takes no new connections for messages any more", why);
    }

    // ---- what connections ask

    @Override
    public @Nullable Refusal refusal(FrameKind kind, int length) {
        if (leaving) {
            return new Refusal(Reason.LEAVING, "its process is about to end");
        }
        if (paused) {
            return new Refusal(Reason.PAUSED, "it is paused; 'muster resume' lets it work again");
        }
        if (kind == FrameKind.TASK && !manners.tasks()) {
            return new Refusal(Reason.NOBODY, "no @ServerEvents listener has onTask");
        }
        if (kind == FrameKind.MESSAGE && !manners.messages()) {
            return new Refusal(Reason.NOBODY, manners.why());
        }
        if (length > limits.maxSize()) {
            return new Refusal(Reason.TOO_LARGE, "it takes at most " + limits.maxSize() + " bytes (messages.maxSize)");
        }
        return null;
    }

    @Override
    public Inbox inbox() {
        return inbox;
    }

    @Override
    public int slot() {
        return self.getAsInt();
    }

    @Override
    public byte[] welcome() {
        return ByteBuffer.allocate(Outgoing.WELCOME_LENGTH)
                .putInt(manners.seat())
                .putInt(manners.life())
                .array();
    }

    @Override
    public @Nullable Refusal pipe(SocketChannel channel, int holder, long request) {
        ProcessPipe own = pipe;
        if (own == null) {
            return new Refusal(Reason.NOBODY, manners.why());
        }
        if (leaving) {
            return new Refusal(Reason.LEAVING, "its process is about to end");
        }
        return own.hold(channel, holder, Handshake.type(own.type()), request, slot());
    }

    @Override
    public void left(Incoming connection) {
        connections.remove(connection);
    }
}
