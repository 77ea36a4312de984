package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.Table;
import dev.muster.memory.TableCursor;
import java.nio.charset.StandardCharsets;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A reader looks for a row that nobody touches, and passes another one on its way, which is taken out of the chain and
/// put into another chain meanwhile: the reader is led astray and must notice.
///
/// Each place has a table of two rows, and so few buckets that the two share a chain in many of them.
@JCStressTest
@Description("Reads a row while another thread removes its neighbour and puts a row of another key in its place.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The row is there all the time, and was found.")
@Outcome(
        id = "0",
        expect = FORBIDDEN,
        desc = "The row was not found: the reader came into another chain, and did not look at the version of its"
                + " bucket.")
@Outcome(expect = FORBIDDEN, desc = "The values of another row.")
@State
public class RowNeighbourTest {
    private static final byte[] KEY = bytes("row");
    private static final byte[] NEIGHBOUR = bytes("neighbour");
    private static final byte[][] OTHERS = {bytes("a"), bytes("b"), bytes("c")};
    private static final TableCursor[] FIRST = new TableCursor[Places.COUNT];
    private static final TableCursor[] SECOND = new TableCursor[Places.COUNT];

    static {
        for (int place = 0; place < Places.COUNT; place++) {
            Table table = Application.table("neighbour-" + place, 2, Column.int64("number"));
            FIRST[place] = table.cursor();
            SECOND[place] = table.cursor();
            boolean _ = FIRST[place].clear().put(0, 1).set(KEY);
        }
    }

    private final int place = Places.index(Places.next());
    private final TableCursor writer = FIRST[place];

    /// The neighbour comes last, and so stands before the row.
    public RowNeighbourTest() {
        for (byte[] other : OTHERS) {
            boolean _ = writer.remove(other);
        }
        boolean _ = writer.clear().put(0, 2).set(NEIGHBOUR);
    }

    /// Takes it out and puts others in its place, one after the other.
    @Actor
    public void writer() {
        boolean _ = writer.remove(NEIGHBOUR);
        for (byte[] other : OTHERS) {
            boolean _ = writer.clear().put(0, 3).set(other);
            boolean _ = writer.remove(other);
        }
    }

    /// Reads the row once.
    @Actor
    public void reader(I_Result r) {
        r.r1 = (int) SECOND[place].int64(KEY, 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
