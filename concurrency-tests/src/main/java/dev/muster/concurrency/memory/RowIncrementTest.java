package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two threads add to the same number of a row that is not there at first: one puts it in, the other finds it.
@JCStressTest
@Description("Two threads add 1 and 2 to a column of a row that one of them puts in.")
@Outcome(id = "1, 3, 3", expect = ACCEPTABLE, desc = "The first put the row in, the second added to it.")
@Outcome(id = "3, 2, 3", expect = ACCEPTABLE, desc = "The second put the row in, the first added to it.")
@Outcome(
        id = "1, 2, 3",
        expect = FORBIDDEN,
        desc = "Both have seen no row, and yet nothing is lost: the sums are not those of one order.")
@Outcome(expect = FORBIDDEN, desc = "An addition was lost, or two rows were put in.")
@State
public class RowIncrementTest {

    private static final Rows ROWS = new Rows(Application.table("row-increment", Places.COUNT, Column.int64("number")));

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// No row.
    public RowIncrementTest() {
        boolean _ = ROWS.first(place).remove(key);
    }

    /// Adds 1.
    @Actor
    public void first(III_Result r) {
        r.r1 = (int) ROWS.first(place).increment(key, 0, 1);
    }

    /// Adds 2.
    @Actor
    public void second(III_Result r) {
        r.r2 = (int) ROWS.second(place).increment(key, 0, 2);
    }

    /// Reads the sum.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) ROWS.first(place).int64(key, 0);
    }
}
