package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// The text of a slot is read while it is written twice: the second write fills the area that the first one has left.
@JCStressTest
@Description("Reads the text of a slot while another thread sets it twice.")
@Outcome(
        id = "0",
        expect = ACCEPTABLE,
        desc = "The reader found the version of before the first write, and it stood when the copy was done.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader found the text of the first write.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "The reader found the text of the second write.")
@Outcome(
        id = "-1",
        expect = FORBIDDEN,
        desc = "No text, although there was one all the time, and two changes do not hold a reader up.")
@Outcome(expect = FORBIDDEN, desc = "Torn: parts of two texts.")
@State
public class SlotTextTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];

    /// The text of before.
    public SlotTextTest() {
        slot.text(Payload.text(0));
    }

    /// Sets it twice.
    @Actor
    public void writer() {
        slot.text(Payload.text(1));
        slot.text(Payload.text(2));
    }

    /// Reads it once.
    @Actor
    public void reader(I_Result r) {
        String text = slot.text();
        r.r1 = text == null ? -1 : Payload.read(text);
    }
}
