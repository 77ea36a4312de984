package dev.muster.memory;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Messages from any processes of an application to any others, bounded, in the order in which they were put. Each goes
/// to one consumer.
///
/// ```java
/// static final Channel<Order> ORDERS = Channel.json("orders", 1000, 4096, Order.class);
///
/// ORDERS.put(order);                                        // waits while the channel is full
/// Order next = ORDERS.take();                               // waits while it is empty
///
/// ORDERS.receive(Duration.ofSeconds(5)).ifPresent(delivery -> {
///     work(delivery.message());
///     delivery.confirm();                                   // until then it comes back if this process dies
/// });
/// ```
///
/// A message of more bytes than declared is a [LimitException]. The messages of one producing thread are taken in its
/// order; one that comes back unconfirmed comes before those that wait.
///
/// **Threads:** any thread of any process of the application; a virtual thread that waits holds no carrier.
/// **Lifetime:** as [Table]. Closing ends it for everybody: nothing is put any more, and what is in it can be taken.
/// **Failure:** a producer that dies has put its message or not. A consumer that dies inside `poll` or `take` loses at
/// most the message that it was taking, which is counted in [#stats()] unless the call was all but over, and never
/// twice; what these have returned is the consumer's own.
/// What was received and not confirmed comes back, within 200 ms of the end of the process. Who waits is woken at once
/// by who puts or takes, and within 100 ms if that one dies before it could.
///
/// @param <T> of the messages
public final class Channel<T> {
    private static final Duration EVER = Duration.ofDays(36_500);
    private static final int SMALL = 256;

    private final Handle<ChannelFile> handle;
    private final ChannelLayout layout;
    private final Codec<T> codec;
    /// How long the last message was: a guess for the next, and no more.
    private int usual = SMALL;

    private Channel(String name, ChannelLayout layout, Codec<T> codec) {
        this.layout = layout;
        this.codec = Objects.requireNonNull(codec, "codec");
        handle = new Handle<>(RegionKind.CHANNEL, name, this::open);
    }

    /// A channel of this name in the application of this process.
    ///
    /// @param name 1 to 64 letters, digits, dots, dashes or underscores
    /// @param capacity how many messages it has room for, 1 to 16,777,216
    /// @param bytes the longest message in bytes, 1 to 16,777,216
    /// @param codec between messages and bytes, the same in all processes
    /// @throws IllegalArgumentException if something of it is not legal
    public static <T> Channel<T> named(String name, int capacity, int bytes, Codec<T> codec) {
        return new Channel<>(name, new ChannelLayout(name, capacity, bytes), codec);
    }

    /// The same for messages as JSON.
    public static <T> Channel<T> json(String name, int capacity, int bytes, Class<T> type) {
        return named(name, capacity, bytes, Codec.json(Objects.requireNonNull(type, "type")));
    }

    /// The same for bytes.
    public static Channel<byte[]> bytes(String name, int capacity, int bytes) {
        return named(name, capacity, bytes, Codec.bytes());
    }

    private ChannelFile open(MemoryDirectory directory, String name) {
        Region region = directory.regions().open(RegionKind.CHANNEL, name, layout.schema(), layout.fileLength, _ -> {});
        return new ChannelFile(region, layout);
    }

    /// Its name.
    public String name() {
        return handle.name();
    }

    /// How many messages it has room for.
    public int capacity() {
        return layout.capacity;
    }

    /// How many messages wait to be taken. Those that were received and come back are not among them.
    public int size() {
        ChannelFile file = handle.get();
        try {
            return file.size();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    // ---- putting

    /// Puts a message if there is room. Does not wait.
    ///
    /// @return false if the channel is full
    /// @throws LimitException if the message is too long
    /// @throws ChannelClosedException if the channel is closed
    public boolean offer(T message) {
        byte[] bytes = encode(message);
        return offerBytes(bytes, 0, bytes.length);
    }

    /// Puts a message, and waits for room if there is none.
    ///
    /// @param atMost the limit; 0 or negative: does not wait
    /// @return false if the channel was full all the time
    /// @throws InterruptedException if the thread is interrupted; a platform thread notices within 100 ms
    public boolean offer(T message, Duration atMost) throws InterruptedException {
        Objects.requireNonNull(atMost, "atMost");
        byte[] bytes = encode(message);
        if (offerBytes(bytes, 0, bytes.length)) {
            return true;
        }
        ChannelFile file = handle.get();
        try {
            return Waiting.until(file.notFull, () -> file.offer(bytes, 0, bytes.length), atMost);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Puts a message, and waits for room without limit.
    ///
    /// @throws InterruptedException if the thread is interrupted; the message was not put then
    public void put(T message) throws InterruptedException {
        while (!offer(message, EVER)) {
            Thread.onSpinWait();
        }
    }

    private byte[] encode(T message) {
        return codec.encode(Objects.requireNonNull(
                message, "message: a channel takes no null, by which poll() says that there is none"));
    }

    /// Puts the bytes of a message, without garbage. Does not wait.
    ///
    /// @return false if the channel is full
    public boolean offerBytes(byte[] message, int from, int length) {
        Objects.checkFromIndexSize(from, length, message.length);
        if (length > layout.messageCapacity) {
            throw new LimitException(
                    "a message of %d bytes is too long for the channel %s: its messages have at most %d"
                            .formatted(length, name(), layout.messageCapacity));
        }
        ChannelFile file = handle.get();
        try {
            return file.offer(message, from, length);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    // ---- taking

    /// Takes a message if there is one. Does not wait.
    ///
    /// @return null if there is none
    /// @throws RuntimeException of the codec; the message is gone then
    public @Nullable T poll() {
        ChannelFile file = handle.get();
        try {
            byte[] bytes = take(file);
            return bytes == null ? null : codec.decode(bytes);
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Takes a message, and waits for one.
    ///
    /// @param atMost the limit; 0 or negative: does not wait
    /// @return null if there was none in time, or the channel is closed and none will come
    /// @throws InterruptedException if the thread is interrupted; a platform thread notices within 100 ms
    public @Nullable T poll(Duration atMost) throws InterruptedException {
        ChannelFile file = handle.get();
        byte[][] found = new byte[1][];
        try {
            boolean _ = Waiting.until(
                    file.notEmpty,
                    () -> {
                        // Before the look: what was put before the close is seen then.
                        boolean drained = file.drained();
                        byte[] bytes = take(file);
                        if (bytes != null) {
                            found[0] = bytes;
                        }
                        return bytes != null || drained;
                    },
                    atMost);
        } catch (InternalError e) {
            throw file.lost(e);
        }
        return found[0] == null ? null : codec.decode(found[0]);
    }

    /// Takes a message, and waits for one without limit.
    ///
    /// @throws ChannelClosedException if the channel is closed and none will come
    public T take() throws InterruptedException {
        while (true) {
            T message = poll(EVER);
            if (message != null) {
                return message;
            }
            if (drained()) {
                throw new ChannelClosedException(
                        "the channel " + name() + " is closed and empty: no message will come any more");
            }
        }
    }

    /// Takes the bytes of a message, without garbage. Does not wait.
    ///
    /// @return the length of the message, -1 if there is none
    /// @throws LimitException if it is longer than the room behind the offset; it stays in the channel
    public int pollBytes(byte[] target, int offset) {
        ChannelFile file = handle.get();
        int room = target.length - Objects.checkIndex(offset, target.length + 1);
        try {
            int length = file.poll(target, offset, room);
            if (length < ChannelFile.NONE) {
                throw new LimitException(
                        "the next message of the channel %s has %d bytes, and the array has room for %d"
                                .formatted(name(), -2 - length, room));
            }
            return length;
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    private byte @Nullable [] take(ChannelFile file) {
        byte[] buffer = new byte[usual];
        int length = file.poll(buffer, 0, buffer.length);
        while (length < ChannelFile.NONE) {
            buffer = new byte[-2 - length];
            length = file.poll(buffer, 0, buffer.length);
        }
        if (length == ChannelFile.NONE) {
            return null;
        }
        usual = Math.max(length, SMALL);
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
    }

    /// Receives a message, which stays in the channel until it is confirmed: if this process dies before, it comes
    /// back for another one. At most 128 messages of a channel can be unconfirmed; further consumers wait,
    /// and the log says so once in each process.
    ///
    /// @param atMost the limit; 0 or negative: does not wait
    /// @return empty if there was none in time, or the channel is closed and none will come
    /// @throws InterruptedException if the thread is interrupted; a platform thread notices within 100 ms
    /// @throws OutOfMemoryError if there is no memory for the message; it was given back then
    public Optional<Delivery<T>> receive(Duration atMost) throws InterruptedException {
        ChannelFile file = handle.get();
        int[] hand = {ChannelFile.NONE};
        try {
            boolean _ = Waiting.until(
                    file.notEmpty,
                    () -> {
                        boolean drained = file.drained();
                        hand[0] = file.receive();
                        return hand[0] != ChannelFile.NONE || drained;
                    },
                    atMost);
            return hand[0] == ChannelFile.NONE ? Optional.empty() : Optional.of(delivery(file, hand[0]));
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    private Delivery<T> delivery(ChannelFile file, int hand) {
        try {
            return new Delivery<>(file, hand, codec);
        } catch (Throwable e) {
            // There may be no memory for it. In the hand of a process that lives on it would never come back.
            file.giveBack(hand);
            throw e;
        }
    }

    // ---- the whole

    /// Takes no messages any more, of nobody. Those that are in it can still be taken.
    public void close() {
        ChannelFile file = handle.get();
        try {
            file.close();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Whether it was closed.
    public boolean closed() {
        ChannelFile file = handle.get();
        try {
            return file.closed();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Whether it was closed, and no message is in it or can come back.
    public boolean drained() {
        ChannelFile file = handle.get();
        try {
            return file.drained();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    /// Figures for people who look after it.
    public ChannelStats stats() {
        ChannelFile file = handle.get();
        try {
            return file.stats();
        } catch (InternalError e) {
            throw file.lost(e);
        }
    }

    @Override
    public String toString() {
        return "channel " + name() + " (" + layout.schema() + ")";
    }
}
