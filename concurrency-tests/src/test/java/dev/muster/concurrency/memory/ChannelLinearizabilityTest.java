package dev.muster.concurrency.memory;

import dev.muster.memory.Channel;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What threads are told by the operations of a [Channel] is what a bounded queue would have told them one after the
/// other.
public class ChannelLinearizabilityTest {
    private static final int CAPACITY = 2;
    private static final Channel<byte[]> CHANNEL =
            Application.channels("linear-", 1, CAPACITY, 1).getFirst();

    /// An empty channel.
    public ChannelLinearizabilityTest() {
        int left = poll();
        while (left != 0) {
            left = poll();
        }
    }

    @Operation
    public boolean offer(@Param(gen = IntGen.class, conf = "1:9") int message) {
        return CHANNEL.offer(new byte[] {(byte) message});
    }

    @Operation
    public final int poll() {
        byte[] message = CHANNEL.poll();
        return message == null ? 0 : message[0];
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isLikeAQueue() {
        Linearizability.check(ChannelLinearizabilityTest.class, OneAfterTheOther.class);
    }

    /// The queue.
    public static final class OneAfterTheOther {
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();

        public boolean offer(int message) {
            return queue.size() < CAPACITY && queue.offer(message);
        }

        public int poll() {
            return queue.isEmpty() ? 0 : queue.poll();
        }
    }
}
