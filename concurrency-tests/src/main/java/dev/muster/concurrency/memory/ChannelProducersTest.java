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
import org.openjdk.jcstress.infra.results.III_Result;

/// Two producers, room for both.
@JCStressTest
@Description("Two threads put a message each.")
@Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "The first was before the second.")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "The second was before the first.")
@Outcome(
        id = {"1, 0, 0", "2, 0, 0"},
        expect = FORBIDDEN,
        desc = "A message is lost: both were written at the same place.")
@Outcome(expect = FORBIDDEN, desc = "A message is torn, or comes twice.")
@State
public class ChannelProducersTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("producers-", Places.COUNT, 2, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// An empty channel.
    public ChannelProducersTest() {
        Messages.empty(channel);
    }

    /// Puts the first message.
    @Actor
    public void first() {
        boolean _ = channel.offer(Payload.bytes(1));
    }

    /// Puts the second one.
    @Actor
    public void second() {
        boolean _ = channel.offer(Payload.bytes(2));
    }

    /// Takes what is there.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r1 = Messages.next(channel);
        r.r2 = Messages.next(channel);
        r.r3 = Messages.next(channel);
    }
}
