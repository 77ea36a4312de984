package dev.muster.message;

import dev.muster.Connections;
import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.Pipe;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import dev.muster.web.ConnectionDesk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The post of one process: it sends to others, and takes in what others send.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the process; its thread and its sockets begin with
/// the first use. **Failure:** the kernel ends the connections of a process that dies, at whatever instruction, so
/// whoever waits for an answer of it hears of that.
public final class Post {
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    /// The part of the time-out that the last try has for itself.
    static final int LAST_TRY = 8;
    /// In the order in which they are asked to take what a user process has written to nobody.
    private static final List<Role> LISTENERS = List.of(Role.WEB, Role.TASK, Role.POOL);
    private static final long CLOSING_MILLIS = 1_000;

    private final Addresses addresses;
    private final Limits limits;
    private final IntSupplier self;
    private final IntFunction<BoardSlot> seats;
    private final Reception reception;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private final Manners manners;
    private final WebConnections connections = new WebConnections(this);
    private volatile @Nullable Served served;

    private record Running(PostLoop loop, Routes routes, Dispatcher dispatcher, Desks desks) {}

    /// What a web worker has for others.
    private record Served(ConnectionDesk desk, DeskDoor door) {}

    /// @param directory where the sockets of the application are
    /// @param self the slot of this process
    /// @param seats the parts of the board
    /// @param manners what this process takes
    public Post(Path directory, Limits limits, IntSupplier self, IntFunction<BoardSlot> seats, Manners manners) {
        this.addresses = new Addresses(directory);
        this.limits = limits;
        this.self = self;
        this.seats = seats;
        this.manners = manners;
        this.reception = new Reception(addresses, limits, self, seats, manners);
    }

    /// What a process takes from others.
    ///
    /// @param role of its slot
    /// @param seat its part of the board
    /// @param life which process it is
    /// @param messages whether it takes messages
    /// @param tasks whether it takes immediate tasks
    /// @param pipe the type of its pipe
    /// @param why what its declaration lacks to take messages, for senders
    public record Manners(Role role, int seat, int life, boolean messages, boolean tasks, PipeType pipe, String why) {
        /// What [FrameKind#WELCOME] says.
        byte[] welcome() {
            return ByteBuffer.allocate(Outgoing.WELCOME_LENGTH)
                    .putInt(seat)
                    .putInt(life)
                    .array();
        }
    }

    private Running running() {
        Running known = running.get();
        if (known != null) {
            return known;
        }
        synchronized (running) {
            known = running.get();
            if (known == null) {
                // Where user code waits at a pipe, nobody would run the rounds while it does.
                PostLoop loop = PostLoop.start(reception.pipe() == null);
                Routes routes = new Routes(loop, addresses, self, outputLimit());
                Dispatcher dispatcher = new Dispatcher(loop, routes, seats, self, limits.sendNanos());
                known = new Running(loop, routes, dispatcher, new Desks(loop, addresses, self, outputLimit()));
                running.set(known);
            }
            return known;
        }
    }

    /// Bytes that may wait to be written to one connection.
    private long outputLimit() {
        return Math.max(16L << 20, 2L * limits.maxSize());
    }

    /// The limits that hold.
    public Limits limits() {
        return limits;
    }

    /// Waits until something has arrived, and takes part in the work of the post meanwhile.
    ///
    /// @return false if there is nothing and nothing will come
    public boolean awaitLetter() {
        PostLoop loop = running().loop();
        boolean watches = loop.helpOrWatch(inbox()::stirs, Long.MAX_VALUE);
        try {
            return inbox().await();
        } finally {
            loop.watched(watches);
        }
    }

    /// What has arrived for this process and is not begun.
    public Inbox inbox() {
        return reception.inbox();
    }

    /// The pipe of this process, null if it has none.
    public @Nullable ProcessPipe pipe() {
        return reception.pipe();
    }

    // ---- receiving

    /// Takes in what is sent to the slot of this process from now on, also after [#pause()].
    public void open() {
        if (reception.takesSomething()) {
            reception.open(running().loop());
        }
    }

    /// Refuses new messages and tasks until [#open()].
    public void pause() {
        reception.pause();
    }

    /// Refuses new messages and tasks for good; what was accepted stays.
    public void leave() {
        reception.leave();
        Running known = running.get();
        if (known != null) {
            // Who waits for a letter in a round of the loop looks again.
            known.loop().interrupt();
        }
    }

    /// Ends everything. What was accepted and is not begun is given up: submitters of tasks are told.
    ///
    /// @return how many messages nobody has read
    public int close() {
        leave();
        giveUp();
        int unread = 0;
        for (Letter letter : inbox().drain()) {
            if (letter.task()) {
                letter.failed("the worker ended before it began it");
            } else {
                unread++;
            }
        }
        Running known = running.get();
        if (known != null) {
            reception.close();
            Served open = served;
            if (open != null) {
                open.door().close();
            }
            known.routes().close();
            known.desks().close();
            known.loop().stop();
            try {
                known.loop().join(CLOSING_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        return unread;
    }

    // ---- sending

    /// Sends a message to the process in a slot, see [dev.muster.Messenger#sendMessage].
    public void send(byte[] message, int slot) {
        check(message, "a message to slot " + slot);
        long deadline = System.nanoTime() + limits.sendNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            Refusal refusal = attempt(message, slot, deadline);
            if (refusal == null) {
                return;
            }
            boolean hopeless = refusal.reason() == Reason.PAUSED || refusal.reason() == Reason.TOO_LARGE;
            if (hopeless || !pause(pause, deadline)) {
                throw refused(message, slot, refusal);
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /// Sends a message to the listener of one worker: the first that takes it, in the order of roles and slots.
    public void sendToListener(byte[] message) {
        check(message, "a message to a worker");
        long deadline = System.nanoTime() + limits.sendNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            Refusal last = null;
            int at = -1;
            for (Role role : LISTENERS) {
                for (int slot : running().routes().slots(role)) {
                    last = attempt(message, slot, deadline);
                    at = slot;
                    if (last == null) {
                        return;
                    }
                    // The order of what one process writes stays: nobody else takes what it has no room for.
                    if (last.reason() == Reason.FULL) {
                        break;
                    }
                }
                if (last != null && last.reason() == Reason.FULL) {
                    break;
                }
            }
            if (!pause(pause, deadline)) {
                throw last != null
                        ? refused(message, at, last)
                        : new MessageException(
                                Reason.NOBODY,
                                false,
                                "nobody takes what was written: nobody holds the pipe, and no worker has a"
                                        + " @ServerEvents listener with onPipeMessage");
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /// @return null if it was accepted
    /// @throws MessageException if it is not known whether it was
    private @Nullable Refusal attempt(byte[] message, int slot, long deadline) {
        Running post = running();
        Outgoing route;
        try {
            route = post.routes().to(slot);
        } catch (UnreachableException e) {
            return new Refusal(Reason.NOBODY, String.valueOf(e.getMessage()));
        }
        Delivery delivery = new Delivery(post.loop());
        Frame frame = route.ask(FrameKind.MESSAGE, self.getAsInt(), message, delivery);
        if (frame == null) {
            return route.open()
                    ? new Refusal(Reason.FULL, "it does not read what was sent to it before")
                    : new Refusal(Reason.LEAVING, "the connection has ended");
        }
        return switch (await(delivery, deadline)) {
            case null -> {
                boolean unsent = route.withdraw(frame);
                throw new MessageException(
                        Reason.TIMEOUT,
                        !unsent,
                        "slot " + slot + " did not answer to a message of " + message.length + " bytes within "
                                + limits.sendMillis() + " ms (messages.sendTimeout): its process may be stopped or"
                                + " overloaded; it "
                                + (unsent ? "has not got the message" : "may still get the message"));
            }
            case Delivery.Outcome.Accepted _ -> null;
            case Delivery.Outcome.Refused(Refusal why) -> {
                if (why.reason() == Reason.LEAVING) {
                    post.routes().forget(slot);
                }
                yield why;
            }
            case Delivery.Outcome.Lost(boolean mayBeReceived, String why) -> {
                if (mayBeReceived) {
                    throw new MessageException(
                            Reason.LOST,
                            true,
                            "the process in slot " + slot + " has ended before it answered to a message of "
                                    + message.length + " bytes (" + why + "); it may have got the message");
                }
                yield new Refusal(Reason.LEAVING, why);
            }
        };
    }

    private static Delivery.@Nullable Outcome await(Delivery delivery, long deadline) {
        try {
            return delivery.await(deadline - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a message was on its way; it may be received", e);
        }
    }

    private MessageException refused(byte[] message, int slot, Refusal why) {
        return new MessageException(
                why.reason(),
                false,
                "slot " + slot + " did not take a message of " + message.length + " bytes within " + limits.sendMillis()
                        + " ms (messages.sendTimeout): " + why.text());
    }

    void check(byte[] data, String what) {
        if (data.length > limits.maxSize()) {
            throw new MessageException(
                    Reason.TOO_LARGE,
                    false,
                    "cannot send " + what + ": it has " + data.length + " bytes, at most " + limits.maxSize()
                            + " (messages.maxSize); raise that, or send it in parts");
        }
    }

    /// Waits before another try.
    ///
    /// @return false if too little time would be left for that to be answered
    private boolean pause(long nanos, long deadline) {
        long needed = nanos + limits.sendNanos() / LAST_TRY;
        if (deadline - System.nanoTime() <= needed || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(nanos);
        return true;
    }

    // ---- connections of web workers

    /// The WebSockets of all web workers.
    public Connections connections() {
        return connections;
    }

    /// Answers calls about the connections of this process, from now on until [#close()], whatever becomes of the
    /// slot. Before the first connection: whoever hears its id may ask for it.
    ///
    /// @param desk where they are; it must not wait
    /// @throws IOException if the socket cannot be made
    public void serve(ConnectionDesk desk) throws IOException {
        Running post = running();
        post.desks().sweep();
        try {
            served = new Served(
                    desk, new DeskDoor(post.loop(), addresses, life(), self, manners.welcome(), outputLimit(), desk));
        } catch (IOException e) {
            throw new IOException(
                    "the socket " + addresses.desk(life()) + ", on which other processes ask for connections, cannot"
                            + " be made (" + e.getMessage() + "); is the run directory still there, and its path not"
                            + " too long?",
                    e);
        }
    }

    /// Those of this process, null if it has none.
    @Nullable
    ConnectionDesk desk() {
        Served open = served;
        return open == null ? null : open.desk();
    }

    /// Which process this is.
    int life() {
        return manners.life();
    }

    /// The processes that may have connections.
    List<Integer> lives() {
        return running().desks().lives();
    }

    /// Asks a web worker, without waiting for the answer.
    Asking ask(int life, byte[] call, long deadline) {
        Desks desks = running().desks();
        if (desks.here()) {
            throw new IllegalStateException("a call about connections would wait for its own thread, " + "\""
                    + Thread.currentThread().getName() + "\"; go on from the result of a task with thenApplyAsync or"
                    + " thenAcceptAsync");
        }
        return new Asking(desks, life, call, deadline, limits.sendMillis()).send();
    }

    /// Until when an answer to a call that begins now must be there.
    long deadline() {
        return System.nanoTime() + limits.sendNanos();
    }

    // ---- immediate tasks

    /// What becomes of a submitted task.
    ///
    /// @param accepted done when a worker has it
    /// @param result done when it is over
    public record Submitted(CompletableFuture<Void> accepted, CompletableFuture<byte[]> result) {}

    /// Submits a task to a task worker. Returns at once.
    ///
    /// @throws MessageException if it is too long
    public Submitted submit(byte[] data) {
        check(data, "an immediate task");
        TaskCall call = running().dispatcher().submit(data);
        return new Submitted(call.acceptance(), call.result());
    }

    /// Ends the waiting for all tasks that this process has submitted: it ends before them, and whoever waits hears
    /// of that. The tasks are run all the same.
    public void giveUp() {
        Running known = running.get();
        if (known != null) {
            known.dispatcher().giveUp();
        }
    }

    // ---- pipes

    /// Opens the outer end of the pipe of a user process, see [dev.muster.Messenger#pipe].
    public Pipe pipe(int slot) {
        long deadline = System.nanoTime() + limits.sendNanos();
        long pause = FIRST_PAUSE;
        while (true) {
            Refusal last;
            try {
                SocketChannel channel = running().routes().connect(slot);
                HeldPipe.SocketEnd end = HeldPipe.SocketEnd.of(channel);
                boolean held = false;
                try {
                    Handshake.hello(channel, self.getAsInt());
                    Handshake.Answer answer = Handshake.await(end, deadline);
                    PipeType type = answer == null ? null : answer.type();
                    if (type != null) {
                        held = true;
                        return new HeldPipe(slot, type, limits.maxSize(), end);
                    }
                    Refusal why = answer == null ? null : answer.refusal();
                    last = why == null ? new Refusal(Reason.TIMEOUT, "its process does not answer") : why;
                } finally {
                    if (!held) {
                        end.close();
                    }
                }
            } catch (UnreachableException | IOException e) {
                last = new Refusal(Reason.NOBODY, String.valueOf(e.getMessage()));
            }
            if (!pause(pause, deadline)) {
                throw new MessageException(
                        last.reason(),
                        false,
                        "the pipe of slot " + slot + " could not be opened within " + limits.sendMillis()
                                + " ms (messages.sendTimeout): " + last.text());
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /// Nanoseconds of a duration; the longest possible for one that does not fit.
    public static long nanos(Duration wait) {
        try {
            return Math.max(0, wait.toNanos());
        } catch (ArithmeticException _) {
            return wait.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
