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
import org.openjdk.jcstress.infra.results.II_Result;

/// Two threads write one row, each its own column: what one does not name it copies from what the other has written.
@JCStressTest
@Description("Two threads change one column each of the same row.")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Each has kept what the other has written, whoever was first.")
@Outcome(
        id = "0, 2",
        expect = FORBIDDEN,
        desc = "The first write was lost: the second has copied the values from before it.")
@Outcome(
        id = "1, 0",
        expect = FORBIDDEN,
        desc = "The second write was lost: the first has copied the values from before it.")
@Outcome(expect = FORBIDDEN, desc = "Something that nobody wrote.")
@State
public class RowColumnsTest {

    private static final Rows ROWS =
            new Rows(Application.table("row-columns", Places.COUNT, Column.int64("first"), Column.int64("second")));
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// A row of zeros.
    public RowColumnsTest() {
        boolean _ = ROWS.first(place).clear().put(FIRST, 0).put(SECOND, 0).set(key);
    }

    /// Writes the first column.
    @Actor
    public void first() {
        boolean _ = ROWS.first(place).clear().put(FIRST, 1).set(key);
    }

    /// Writes the second column.
    @Actor
    public void second() {
        boolean _ = ROWS.second(place).clear().put(SECOND, 2).set(key);
    }

    /// Reads both.
    @Arbiter
    public void arbiter(II_Result r) {
        TableCursor cursor = ROWS.first(place);
        boolean found = cursor.read(key);
        r.r1 = found ? (int) cursor.int64(FIRST) : -1;
        r.r2 = found ? (int) cursor.int64(SECOND) : -1;
    }
}
