package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.TableCursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two threads read a row and replace it by what they have read: `replace` holds only if the version is still that of
/// the read.
@JCStressTest
@Description("Two threads each read a number and replace it by one more.")
@Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "One read what the other had written.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "Both read the same; the first replaced it, the second was told.")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "Both read the same; the second replaced it, the first was told.")
@Outcome(id = "1, 1, 1", expect = FORBIDDEN, desc = "Both were told that it is done, and one addition is lost.")
@Outcome(expect = FORBIDDEN, desc = "Nobody has replaced it, or more was written than was read.")
@State
public class RowReplaceTest {

    private static final Rows ROWS = new Rows(Application.table("row-replace", Places.COUNT, Column.int64("number")));

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// A row of zero.
    public RowReplaceTest() {
        boolean _ = ROWS.first(place).clear().put(0, 0).set(key);
    }

    /// Adds 1.
    @Actor
    public void first(III_Result r) {
        r.r1 = addOne(ROWS.first(place));
    }

    /// Adds 1 too.
    @Actor
    public void second(III_Result r) {
        r.r2 = addOne(ROWS.second(place));
    }

    private int addOne(TableCursor cursor) {
        return cursor.read(key) && cursor.put(0, cursor.int64(0) + 1).replace() ? 1 : 0;
    }

    /// Reads the sum.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) ROWS.first(place).int64(key, 0);
    }
}
