package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Payload;
import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.TableCursor;
import java.nio.charset.StandardCharsets;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The place of a removed row is taken by a row of another key, which may belong to another chain, while a reader that
/// looks for the first key stands on it. The table is full but for that place.
@JCStressTest
@Description("Reads a row while another thread removes it and puts a row of another key in its place.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The reader found the row before it was removed.")
@Outcome(
        id = "-1, -1",
        expect = ACCEPTABLE,
        desc = "The row was removed before the reader found it, or while it copied: the version told it.")
@Outcome(id = "2, 2", expect = FORBIDDEN, desc = "The reader was given the other row under the key of the first one.")
@Outcome(expect = FORBIDDEN, desc = "A mix of two rows.")
@State
public class RowTakenOverTest {

    private static final Rows ROWS = new Rows(Application.table(
            "row-taken-over", Places.COUNT, Column.int64("number"), Column.text("text", Payload.LONGEST)));
    private static final int NUMBER = 0;
    private static final int TEXT = 1;
    private static final byte[][] OTHERS = new byte[Places.COUNT][];

    static {
        for (int place = 0; place < Places.COUNT; place++) {
            OTHERS[place] = ("other-" + place).getBytes(StandardCharsets.US_ASCII);
            put(place, OTHERS[place], 2);
        }
    }

    private final int place = Places.index(Places.next());
    private final byte[] key = ROWS.key(place);

    /// The first row.
    public RowTakenOverTest() {
        boolean _ = ROWS.first(place).remove(OTHERS[place]);
        put(place, key, 1);
    }

    /// Gives its place to the other one.
    @Actor
    public void writer() {
        boolean _ = ROWS.first(place).remove(key);
        put(place, OTHERS[place], 2);
    }

    private static void put(int place, byte[] key, int digit) {
        boolean _ = ROWS.first(place)
                .clear()
                .put(NUMBER, digit)
                .put(TEXT, Payload.bytes(digit))
                .set(key);
    }

    /// Reads the first one once.
    @Actor
    public void reader(II_Result r) {
        TableCursor cursor = ROWS.second(place);
        boolean found = cursor.read(key);
        r.r1 = found ? (int) cursor.int64(NUMBER) : -1;
        r.r2 = found ? Payload.read(cursor.text(TEXT)) : -1;
    }
}
