package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Channel;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two consumers, one message.
@JCStressTest
@Description("Two threads take from a channel with one message.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first got it.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second got it.")
@Outcome(id = "1, 1", expect = FORBIDDEN, desc = "Both got it: two consumers held the head at the same time.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Nobody got it, although it was there before both began.")
@Outcome(expect = FORBIDDEN, desc = "The message is torn.")
@State
public class ChannelTakersTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("takers-", Places.COUNT, 2, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// One message.
    public ChannelTakersTest() {
        Messages.empty(channel);
        boolean _ = channel.offer(Payload.bytes(1));
    }

    /// Takes it.
    @Actor
    public void first(II_Result r) {
        r.r1 = Messages.next(channel);
    }

    /// Takes it too.
    @Actor
    public void second(II_Result r) {
        r.r2 = Messages.next(channel);
    }
}
