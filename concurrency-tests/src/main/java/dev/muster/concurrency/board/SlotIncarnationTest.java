package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A child registers while the command line looks who is in the slot. Who was there before had another name.
@JCStressTest
@Description("Reads the incarnation of a slot while a child registers for the next life.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader came before the slot was emptied.")
@Outcome(
        id = "2",
        expect = ACCEPTABLE,
        desc = "The reader found the life of the new child, whose release store is behind its name.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Nobody has registered for the present life yet.")
@Outcome(expect = FORBIDDEN, desc = "Torn: parts of two names, or one under the life of the other.")
@State
public class SlotIncarnationTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];

    /// The child of before.
    public SlotIncarnationTest() {
        slot.reset(1);
        slot.register(1, "1".repeat(64));
    }

    /// Empties the slot, and registers.
    @Actor
    public void child() {
        slot.reset(2);
        slot.register(2, "2".repeat(40));
    }

    /// Reads the name once.
    @Actor
    public void reader(I_Result r) {
        String name = slot.incarnation();
        r.r1 = name.isEmpty() ? 0 : name.equals("1".repeat(64)) ? 1 : name.equals("2".repeat(40)) ? 2 : -1;
    }
}
