package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two threads change a row each on the condition that it is as it was.
@JCStressTest
@Description("Two threads compare and set the same row, which only one of them can find as expected.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first won, the second found its value.")
@Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second won, the first found its value.")
@Outcome(
        id = {"1, 1, 1", "1, 1, 2"},
        expect = FORBIDDEN,
        desc = "Both have won: one has compared with values that were not in force any more.")
@Outcome(id = "0, 0, 0", expect = FORBIDDEN, desc = "Nobody has won, although nobody else has changed the row.")
@Outcome(expect = FORBIDDEN, desc = "What was answered is not what was done.")
@State
public class RowCompareAndSetTest {

    private static final Rows ROWS = new Rows(Application.table("row-compare", Places.COUNT, Column.int64("number")));
    private static final Map<String, Long> ZERO = Map.of("number", 0L);
    private static final Map<String, Long> ONE = Map.of("number", 1L);
    private static final Map<String, Long> TWO = Map.of("number", 2L);

    private final int place = Places.index(Places.next());
    private final String key = "row-" + place;

    /// A row of zero.
    public RowCompareAndSetTest() {
        boolean _ = ROWS.table.set(key, ZERO);
    }

    /// Makes 1 of it.
    @Actor
    public void first(III_Result r) {
        r.r1 = ROWS.table.compareAndSet(key, ZERO, ONE) ? 1 : 0;
    }

    /// Makes 2 of it.
    @Actor
    public void second(III_Result r) {
        r.r2 = ROWS.table.compareAndSet(key, ZERO, TWO) ? 1 : 0;
    }

    /// Reads it.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) ROWS.table.int64(key, "number");
    }
}
