package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// Two threads of a child set the text of its slot.
@JCStressTest
@Description("Two threads set the text of a slot, which is read afterwards.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The first was the last.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "The second was the last.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Neither is there: both have written the area that did not hold.")
@Outcome(expect = FORBIDDEN, desc = "Torn: parts of two texts, or none.")
@State
public class SlotTextWritersTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];

    /// The text of before.
    public SlotTextWritersTest() {
        slot.text(Payload.text(0));
    }

    /// Sets one.
    @Actor
    public void first() {
        slot.text(Payload.text(1));
    }

    /// Sets the other.
    @Actor
    public void second() {
        slot.text(Payload.text(2));
    }

    /// Reads it.
    @Arbiter
    public void arbiter(I_Result r) {
        String text = slot.text();
        r.r1 = text == null ? -1 : Payload.read(text);
    }
}
