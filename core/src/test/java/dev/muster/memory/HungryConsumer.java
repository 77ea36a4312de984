package dev.muster.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A process that has no memory for the second message that it receives, and lives on.
final class HungryConsumer {
    static final int LARGE = 256 << 10;
    static final Channel<byte[]> CHANNEL = Channel.bytes("large", 2, LARGE);
    static final String REFUSED = "no memory for it";

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int BITE = 64 << 10;

    private HungryConsumer() {}

    /// `DIRECTORY`; ends when its input does.
    public static void main(String[] args) throws Exception {
        Application.join(args);
        // All classes are there after this.
        CHANNEL.receive(LONG).orElseThrow().confirm();
        List<byte[]> eaten = new ArrayList<>();
        try {
            while (true) {
                eaten.add(new byte[BITE]);
            }
        } catch (OutOfMemoryError _) {
            // Enough for everything but the message.
            eaten.removeLast();
        }
        try {
            System.out.println(CHANNEL.receive(LONG));
        } catch (OutOfMemoryError _) {
            eaten.clear();
            System.out.println(REFUSED);
        }
        int _ = System.in.read();
    }
}
