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
import org.openjdk.jcstress.infra.results.I_Result;

/// A message is taken while it is put, at a place where another message was before.
@JCStressTest
@Description("Takes from an empty channel while another thread puts a message.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "The taker looked at the tail before the message was complete.")
@Outcome(
        id = "1",
        expect = ACCEPTABLE,
        desc = "The taker found the new tail, whose release store is behind the bytes of the message.")
@Outcome(expect = FORBIDDEN, desc = "The message is torn, or it is the one that was at this place before.")
@State
public class ChannelMessageTest {

    private static final List<Channel<byte[]>> CHANNELS =
            Application.channels("message-", Places.COUNT, 1, Payload.LONGEST);

    private final int number = Places.next();
    private final Channel<byte[]> channel = CHANNELS.get(Places.index(number));

    /// An empty channel.
    public ChannelMessageTest() {
        Messages.empty(channel);
    }

    /// Puts a message that differs from the last one at this place.
    @Actor
    public void producer() {
        boolean _ = channel.offer(Payload.bytes(Places.turn(number)));
    }

    /// Takes it.
    @Actor
    public void consumer(I_Result r) {
        int digit = Messages.next(channel);
        r.r1 = digit == Places.turn(number) ? 1 : digit == 0 ? 0 : -1;
    }
}
