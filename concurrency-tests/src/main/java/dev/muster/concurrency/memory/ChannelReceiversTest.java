package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Channel;
import dev.muster.memory.Delivery;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two consumers that confirm, one message.
@JCStressTest
@Description("Two threads receive and confirm from a channel with one message.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first received it.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second received it.")
@Outcome(
        id = "1, 1",
        expect = FORBIDDEN,
        desc = "Both received it: the hand of the first was taken over although it lives.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Nobody received it, although it was there before both began.")
@Outcome(expect = FORBIDDEN, desc = "The message is torn.")
@State
public class ChannelReceiversTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("receivers-", Places.COUNT, 2, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// One message.
    public ChannelReceiversTest() {
        Messages.empty(channel);
        boolean _ = channel.offer(Payload.bytes(1));
    }

    /// Receives it.
    @Actor
    public void first(II_Result r) {
        r.r1 = Messages.receive(channel, Delivery::confirm);
    }

    /// Receives it too.
    @Actor
    public void second(II_Result r) {
        r.r2 = Messages.receive(channel, Delivery::confirm);
    }
}
