package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Places;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A unit ends once, whoever says so: its thread, or the one that gives it up.
@JCStressTest
@Description("Two threads finish the same unit.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first has ended it; the second was refused.")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The second has ended it; the first was refused.")
@Outcome(id = "1, 1, 2", expect = FORBIDDEN, desc = "It has ended twice, and counts twice.")
@Outcome(expect = FORBIDDEN, desc = "Nobody could end it, or what was counted is not what was done.")
@State
public class SlotFinishTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];
    private final int mark;

    /// A task.
    public SlotFinishTest() {
        slot.reset(1);
        mark = slot.start(BoardSlot.Kind.TASK, "task", "", 0);
    }

    /// Ends it.
    @Actor
    public void first(III_Result r) {
        r.r1 = finish();
    }

    /// Ends it too.
    @Actor
    public void second(III_Result r) {
        r.r2 = finish();
    }

    private int finish() {
        try {
            slot.finish(mark, false);
            return 1;
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    /// Reads what was counted.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) slot.unitsDone();
    }
}
