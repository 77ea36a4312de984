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

/// Two threads put a row of the same key in, if there is none.
@JCStressTest
@Description("Two threads add a row of the same key.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first put it in, the second found it.")
@Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second put it in, the first found it.")
@Outcome(
        id = {"1, 1, 1", "1, 1, 2"},
        expect = FORBIDDEN,
        desc = "Both have put one in: there are two rows of one key.")
@Outcome(expect = FORBIDDEN, desc = "Nobody has put it in, or the row is not that of who did.")
@State
public class RowAddTest {

    private static final Rows ROWS = new Rows(Application.table("row-add", Places.COUNT, Column.int64("number")));

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// No row.
    public RowAddTest() {
        boolean _ = ROWS.first(place).remove(key);
    }

    /// Adds it with 1.
    @Actor
    public void first(III_Result r) {
        r.r1 = ROWS.first(place).clear().put(0, 1).add(key) ? 1 : 0;
    }

    /// Adds it with 2.
    @Actor
    public void second(III_Result r) {
        r.r2 = ROWS.second(place).clear().put(0, 2).add(key) ? 1 : 0;
    }

    /// Reads it.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) ROWS.first(place).int64(key, 0);
    }
}
