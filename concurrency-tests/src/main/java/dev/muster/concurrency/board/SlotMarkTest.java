package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A mark is read while its unit ends and the next one begins, which is marked at the same place.
@JCStressTest
@Description("Reads the marks of a slot while another thread finishes a run and starts the next one.")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "The reader found the mark of the first run.")
@Outcome(id = "2, 2, 2", expect = ACCEPTABLE, desc = "The reader found the mark of the second run.")
@Outcome(
        id = "0, 0, 0",
        expect = ACCEPTABLE,
        desc = "Between two runs nothing is started; also if the mark has changed while it was copied.")
@Outcome(expect = FORBIDDEN, desc = "A mix of two marks.")
@State
public class SlotMarkTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];
    private static final long HOUR = 3_600_000_000_000L;

    private final int first;

    /// The first run.
    public SlotMarkTest() {
        slot.reset(1);
        first = start(1);
    }

    private int start(int digit) {
        String text = Integer.toString(digit);
        return slot.start(BoardSlot.Kind.RUN, text.repeat(20 * digit), text.repeat(40 * digit), digit * HOUR);
    }

    /// Ends it and starts the second.
    @Actor
    public void child() {
        slot.finish(first, false);
        int _ = start(2);
    }

    /// Reads the marks once.
    @Actor
    public void master(III_Result r) {
        List<BoardSlot.Mark> marks = slot.marks();
        if (!marks.isEmpty()) {
            BoardSlot.Mark mark = marks.getFirst();
            r.r1 = digit(mark.id(), 20);
            r.r2 = digit(mark.label(), 40);
            r.r3 = (int) ((mark.deadlineNanos() - mark.startNanos()) / HOUR);
        }
    }

    private static int digit(String text, int length) {
        int digit = text.charAt(0) - '0';
        return text.equals(Integer.toString(digit).repeat(length * digit)) ? digit : Payload.TORN;
    }
}
