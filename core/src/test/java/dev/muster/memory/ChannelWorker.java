package dev.muster.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/// A process that puts stamped messages into a channel, or takes them and writes down what it got.
///
/// A message is `PRODUCER NUMBER` in eight bytes each, and a filling that both determine. A line of the ledger is
/// the same sixteen bytes, one write each, so that what a killed process has written is whole.
final class ChannelWorker {
    static final int LINE = 2 * Long.BYTES;
    static final Channel<byte[]> CHANNEL = Channel.bytes("stamped", 50, 400);
    /// How many producers have put all that they were to put.
    static final Counter FINISHED = Counter.named("finished");

    private static final Duration LONG = Duration.ofSeconds(60);

    private ChannelWorker() {}

    /// `DIRECTORY put PRODUCER COUNT LEDGER` (0: until it is killed), `DIRECTORY take LEDGER` or `DIRECTORY confirm
    /// LEDGER`.
    public static void main(String[] args) throws Exception {
        Application.join(args);
        switch (args[1]) {
            case "put" -> put(Long.parseLong(args[2]), Long.parseLong(args[3]), Path.of(args[4]));
            case "take" -> take(Path.of(args[2]));
            default -> confirm(Path.of(args[2]));
        }
    }

    /// Its ledger holds what was put for certain.
    private static void put(long producer, long count, Path file) throws InterruptedException {
        try (Ledger ledger = new Ledger(file)) {
            for (long number = 0; count == 0 || number < count; number++) {
                byte[] message = message(producer, number);
                CHANNEL.put(message);
                ledger.write(message);
            }
            FINISHED.add(1);
        }
    }

    private static void take(Path file) throws InterruptedException {
        try (Ledger ledger = new Ledger(file)) {
            byte[] message = CHANNEL.poll(LONG);
            while (message != null) {
                check(message);
                ledger.write(message);
                message = CHANNEL.poll(LONG);
            }
        }
    }

    private static void confirm(Path file) throws InterruptedException {
        try (Ledger ledger = new Ledger(file)) {
            var delivery = CHANNEL.receive(LONG);
            while (delivery.isPresent()) {
                byte[] message = delivery.get().message();
                check(message);
                ledger.write(message);
                delivery.get().confirm();
                FaultPoint.reached("confirmed");
                delivery = CHANNEL.receive(LONG);
            }
        }
    }

    static byte[] message(long producer, long number) {
        byte[] message = new byte[LINE + (int) (number * 31 % 385)];
        ByteBuffer.wrap(message).putLong(producer).putLong(number);
        Arrays.fill(message, LINE, message.length, (byte) (producer * 7 + number));
        return message;
    }

    static void check(byte[] message) {
        ByteBuffer stamp = ByteBuffer.wrap(message);
        if (!Arrays.equals(message, message(stamp.getLong(), stamp.getLong()))) {
            throw new IllegalStateException("a torn message: " + Arrays.toString(message));
        }
    }

    private static final class Ledger implements AutoCloseable {
        private final FileChannel channel;

        Ledger(Path file) {
            try {
                channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void write(byte[] message) {
            try {
                int _ = channel.write(ByteBuffer.wrap(message, 0, LINE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
