package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.TableCursor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// A row is removed and put in again while it is read, by its key and among all rows.
@JCStressTest
@Description("Reads a row while another thread removes it and puts one of the same key in, with other values.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader found the old row before it was removed.")
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "The reader found the new row after it was put in.")
@Outcome(
        id = "-1, -1",
        expect = ACCEPTABLE,
        desc = "The reader came between the removal and the insertion: there is no such row.")
@Outcome(expect = FORBIDDEN, desc = "A mix: values of the old and of the new row, or of one that is not complete.")
@State
public class RowRemovedTest {

    private static final Rows ROWS = new Rows(Application.table(
            "row-removed", Places.COUNT, Column.int64("number"), Column.text("text", Payload.LONGEST)));
    private static final int NUMBER = 0;
    private static final int TEXT = 1;

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// The old row.
    public RowRemovedTest() {
        put(1);
    }

    /// Replaces it.
    @Actor
    public void writer() {
        boolean _ = ROWS.first(place).remove(key);
        put(2);
    }

    private void put(int digit) {
        boolean _ = ROWS.first(place)
                .clear()
                .put(NUMBER, digit)
                .put(TEXT, Payload.bytes(digit))
                .set(key);
    }

    /// Reads it once.
    @Actor
    public void reader(II_Result r) {
        TableCursor cursor = ROWS.second(place);
        boolean found = cursor.read(key);
        r.r1 = found ? (int) cursor.int64(NUMBER) : -1;
        r.r2 = found ? Payload.read(cursor.text(TEXT)) : -1;
    }
}
