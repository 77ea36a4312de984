package dev.muster.concurrency.board;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Places;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two threads of a child start a unit each: each needs a mark of its own.
@JCStressTest
@Description("Two threads start a unit each.")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The first has the mark before that of the second.")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second has the mark before that of the first.")
@Outcome(
        id = {"1, 0", "2, 0"},
        expect = FORBIDDEN,
        desc = "One is not there: both have taken the same mark.")
@Outcome(expect = FORBIDDEN, desc = "A mark is torn.")
@State
public class SlotStartTest {

    private static final BoardSlot[] SLOTS = Slots.all();

    private final BoardSlot slot = SLOTS[Places.index(Places.next())];

    /// Nothing is started.
    public SlotStartTest() {
        slot.reset(1);
    }

    /// Starts one.
    @Actor
    public void first() {
        int _ = slot.start(BoardSlot.Kind.TASK, "1", "1", 0);
    }

    /// Starts the other.
    @Actor
    public void second() {
        int _ = slot.start(BoardSlot.Kind.TASK, "2", "2", 0);
    }

    /// Reads both.
    @Arbiter
    public void arbiter(II_Result r) {
        List<BoardSlot.Mark> marks = slot.marks();
        r.r1 = marks.isEmpty() ? 0 : digit(marks.getFirst());
        r.r2 = marks.size() < 2 ? 0 : digit(marks.getLast());
    }

    private static int digit(BoardSlot.Mark mark) {
        return mark.id().equals(mark.label()) ? mark.id().charAt(0) - '0' : -1;
    }
}
