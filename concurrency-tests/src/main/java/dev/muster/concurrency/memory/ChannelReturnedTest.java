package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Channel;
import dev.muster.memory.Delivery;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A message is given back while another consumer looks for one: it may come back, and only once.
@JCStressTest
@Description("One thread receives the only message and gives it back, another one takes.")
@Outcome(
        id = "1, 0, 1",
        expect = ACCEPTABLE,
        desc = "The second looked while the first had it; it came back and is there for the next one.")
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "The second took it when it had come back.")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "The second took it before the first looked.")
@Outcome(id = "1, 1, 1", expect = FORBIDDEN, desc = "The message is there twice: it was taken and has come back too.")
@Outcome(id = "1, 0, 0", expect = FORBIDDEN, desc = "The message is lost: it was given back and never came.")
@Outcome(expect = FORBIDDEN, desc = "Nobody got it, or it is torn.")
@State
public class ChannelReturnedTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("returned-", Places.COUNT, 2, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// One message.
    public ChannelReturnedTest() {
        Messages.empty(channel);
        boolean _ = channel.offer(Payload.bytes(1));
    }

    /// Receives it and gives it back.
    @Actor
    public void first(III_Result r) {
        r.r1 = Messages.receive(channel, Delivery::giveBack);
    }

    /// Takes it.
    @Actor
    public void second(III_Result r) {
        r.r2 = Messages.next(channel);
    }

    /// Takes what is there.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = Messages.next(channel);
    }
}
