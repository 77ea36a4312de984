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
import org.openjdk.jcstress.infra.results.III_Result;

/// A row is read while it is written twice: the second write fills the very values that the first one has left, which
/// the reader may be copying. The partners in docs/protocol/memory.md: version of a row, and the fences around it.
@JCStressTest
@Description("Reads a row of two numbers and a text while another thread changes all three, twice.")
@Outcome(
        id = "0, 0, 0",
        expect = ACCEPTABLE,
        desc = "The reader found the version of before the first write, and it stood when the copy was done.")
@Outcome(
        id = "1, 1, 1",
        expect = ACCEPTABLE,
        desc = "The reader found the version of the first write, and the second one came after the copy, or made it"
                + " start over.")
@Outcome(
        id = "2, 2, 2",
        expect = ACCEPTABLE,
        desc = "The reader found the version of the second write, whose release store is behind the values.")
@Outcome(id = "-1, -1, -1", expect = FORBIDDEN, desc = "The row was not found, although it was there all the time.")
@Outcome(expect = FORBIDDEN, desc = "Torn: values of two writes in one read.")
@State
public class RowReadTest {

    private static final Rows ROWS = new Rows(Application.table(
            "row-read",
            Places.COUNT,
            Column.int64("first"),
            Column.text("text", Payload.LONGEST),
            Column.int64("last")));
    private static final int FIRST = 0;
    private static final int TEXT = 1;
    private static final int LAST = 2;

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// The row as it was before.
    public RowReadTest() {
        write(0);
    }

    /// Changes it twice.
    @Actor
    public void writer() {
        write(1);
        write(2);
    }

    private void write(int digit) {
        boolean _ = ROWS.first(place)
                .clear()
                .put(FIRST, digit)
                .put(TEXT, Payload.bytes(digit))
                .put(LAST, digit)
                .set(key);
    }

    /// Reads it once.
    @Actor
    public void reader(III_Result r) {
        TableCursor cursor = ROWS.second(place);
        boolean found = cursor.read(key);
        r.r1 = found ? (int) cursor.int64(FIRST) : -1;
        r.r2 = found ? Payload.read(cursor.text(TEXT)) : -1;
        r.r3 = found ? (int) cursor.int64(LAST) : -1;
    }
}
