package dev.muster.message;

import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The part of a process that takes in what others send: its socket, its inbox, its pipe.
///
/// **Threads:** orders from any; connections on the thread of the loop.
final class Reception implements Incoming.Office {
    private static final System.Logger LOG = System.getLogger("dev.muster.message");

    private final Addresses addresses;
    private final Limits limits;
    private final IntSupplier self;
    private final Post.Manners manners;
    private final Inbox inbox;
    private final @Nullable ProcessPipe pipe;
    private final Set<Incoming> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean paused;
    private volatile boolean leaving;
    private @Nullable Door door;
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
        Door before = door;
        door = Door.open(
                running,
                addresses.temporary(slot),
                addresses.of(manners.role(), slot),
                "slot " + slot,
                channel -> welcome(running, channel));
        if (before != null) {
            before.close();
        }
    }

    private void welcome(PostLoop running, SocketChannel channel) {
        // Answers are results at most; whoever reads none of them is cut off.
        Incoming connection = new Incoming(running, channel, this, Math.max(16L << 20, 2L * limits.maxSize()));
        connections.add(connection);
        connection.watch();
    }

    void pause() {
        paused = true;
    }

    void leave() {
        leaving = true;
        inbox.seal();
    }

    synchronized void close() {
        if (door != null) {
            door.close();
        }
        connections.forEach(Connection::close);
        if (pipe != null) {
            pipe.close();
        }
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
        return manners.welcome();
    }

    @Override
    public @Nullable Refusal pipe(SocketChannel channel, int holder, long request) {
        ProcessPipe own = pipe;
        if (own == null) {
            return new Refusal(
                    Reason.NOBODY,
                    manners.role() == Role.USER
                            ? manners.why()
                            : "it has the role " + manners.role().word() + ", and only user processes have pipes");
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
