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

/// The earliest deadline is read, without its mark, while the mark is given to another unit.
@JCStressTest
@Description("Reads the earliest deadline of a slot while another thread finishes a run and starts the next one.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader found the deadline of the first run.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "The reader found the deadline of the second run.")
@Outcome(
        id = "0",
        expect = ACCEPTABLE,
        desc = "Between two runs there is none; also if the mark has changed during the look.")
@Outcome(expect = FORBIDDEN, desc = "A deadline that belongs to no run.")
@State
public class SlotDeadlineTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];

    private static final long HOUR = 3_600_000_000_000L;

    private final long now = System.nanoTime();
    private final int first;

    /// The first run.
    public SlotDeadlineTest() {
        slot.reset(1);
        first = slot.start(BoardSlot.Kind.RUN, "first", "", HOUR);
    }

    /// Ends it and starts the second.
    @Actor
    public void child() {
        slot.finish(first, false);
        int _ = slot.start(BoardSlot.Kind.RUN, "second", "", 2 * HOUR);
    }

    /// Reads the deadline once.
    @Actor
    public void master(I_Result r) {
        long deadline = slot.earliestDeadline();
        r.r1 = deadline == 0 ? 0 : (int) ((deadline - now) / HOUR);
    }
}
