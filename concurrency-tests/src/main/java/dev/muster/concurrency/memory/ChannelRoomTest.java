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

/// Two producers, room for one.
@JCStressTest
@Description("Two threads put a message each into a channel that has room for one.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first had the room.")
@Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second had the room.")
@Outcome(
        id = {"1, 1, 1", "1, 1, 2"},
        expect = FORBIDDEN,
        desc = "Both were told that their message is in the channel, and it has room for one.")
@Outcome(expect = FORBIDDEN, desc = "Nobody had room, or the message is not that of who had it.")
@State
public class ChannelRoomTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("room-", Places.COUNT, 1, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// An empty channel.
    public ChannelRoomTest() {
        Messages.empty(channel);
    }

    /// Puts the first message.
    @Actor
    public void first(III_Result r) {
        r.r1 = channel.offer(Payload.bytes(1)) ? 1 : 0;
    }

    /// Puts the second one.
    @Actor
    public void second(III_Result r) {
        r.r2 = channel.offer(Payload.bytes(2)) ? 1 : 0;
    }

    /// Takes what is there.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = Messages.next(channel);
    }
}
