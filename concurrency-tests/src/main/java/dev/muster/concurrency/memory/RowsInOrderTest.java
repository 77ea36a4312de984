package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Who sees a row sees what its writer had written before, in other rows too.
@JCStressTest
@Description("Reads the second and then the first of two rows that another thread writes in the order first, second.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came before both writes.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader came after both writes.")
@Outcome(
        id = "0, 1",
        expect = ACCEPTABLE,
        desc = "The reader looked at the second row before it was written, and at the first one after.")
@Outcome(
        id = "1, 0",
        expect = FORBIDDEN,
        desc = "The second row was seen, and the first, written before it, was not: the release of a version or the"
                + " acquire of its reader is missing.")
@Outcome(expect = FORBIDDEN, desc = "Something that nobody wrote.")
@State
public class RowsInOrderTest {

    private static final Rows FIRST = new Rows(Application.table("rows-first", Places.COUNT, Column.int64("number")));
    private static final Rows SECOND = new Rows(Application.table("rows-second", Places.COUNT, Column.int64("number")));

    private final int place = Places.index(Places.next());
    private final byte[] key = FIRST.key(place);

    /// Rows of zero.
    public RowsInOrderTest() {
        write(FIRST, 0);
        write(SECOND, 0);
    }

    /// Writes both.
    @Actor
    public void writer() {
        write(FIRST, 1);
        write(SECOND, 1);
    }

    private void write(Rows rows, int number) {
        boolean _ = rows.first(place).clear().put(0, number).set(key);
    }

    /// Reads both, the second one first.
    @Actor
    public void reader(II_Result r) {
        r.r1 = (int) SECOND.second(place).int64(key, 0);
        r.r2 = (int) FIRST.second(place).int64(key, 0);
    }
}
