package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Channel;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// A consumer copies a message while a producer waits for its place: the ring has one.
@JCStressTest
@Description(
        "Takes the only message of a full channel while another thread puts the next one as soon as there is room.")
@Outcome(
        id = "1, 2",
        expect = ACCEPTABLE,
        desc = "The first message was copied as a whole before its place was given to the second one.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The producer found no room: it came before the head was stored.")
@Outcome(expect = FORBIDDEN, desc = "The producer has overwritten a message that was being copied, or one is lost.")
@State
public class ChannelReusedPlaceTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("reused-", Places.COUNT, 1, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// A full channel.
    public ChannelReusedPlaceTest() {
        Messages.empty(channel);
        boolean _ = channel.offer(Payload.bytes(1));
    }

    /// Puts the second message if there is room within some tries.
    @Actor
    public void producer() {
        for (int tries = 0; tries < 20 && !channel.offer(Payload.bytes(2)); tries++) {
            Thread.onSpinWait();
        }
    }

    /// Takes the first one.
    @Actor
    public void consumer(II_Result r) {
        r.r1 = Messages.next(channel);
    }

    /// Takes the second one.
    @Arbiter
    public void arbiter(II_Result r) {
        r.r2 = Messages.next(channel);
    }
}
