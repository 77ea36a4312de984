package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Asks twice for a row that takes the place of another one. Who looks stands on the place while it still has the
/// version of the old row, and finds the key of the new one there, which is not put in yet.
///
/// Each place has a table of one row, and so few buckets that both keys share a chain in half of them.
@JCStressTest
@Description("Asks twice whether there is a row that another thread puts in the place of a removed one.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both came before the new row was there.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The new row came in between.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both came after the new row was there.")
@Outcome(
        id = "1, 0",
        expect = FORBIDDEN,
        desc = "The row was there and then was not, although nobody removed it: the first answer came from a key"
                + " under the version of another row.")
@Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
@State
public class RowContainsTest {
    private static final String OLD = "old";
    private static final String NEW = "new";
    private static final List<Table> TABLES = new ArrayList<>();

    static {
        for (int place = 0; place < Places.COUNT; place++) {
            TABLES.add(Application.table("contains-" + place, 1, Column.int64("number")));
        }
    }

    private final Table table = TABLES.get(Places.index(Places.next()));

    /// The old row.
    public RowContainsTest() {
        boolean _ = table.remove(NEW);
        boolean _ = table.set(OLD, Map.of());
    }

    /// Puts the new one in its place.
    @Actor
    public void writer() {
        boolean _ = table.remove(OLD);
        boolean _ = table.set(NEW, Map.of());
    }

    /// Asks twice.
    @Actor
    public void reader(II_Result r) {
        r.r1 = table.contains(NEW) ? 1 : 0;
        r.r2 = table.contains(NEW) ? 1 : 0;
    }
}
