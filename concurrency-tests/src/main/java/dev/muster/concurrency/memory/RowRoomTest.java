package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Column;
import dev.muster.memory.LimitException;
import dev.muster.memory.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// A full table: a row is put in while another one is taken out.
@JCStressTest
@Description("Asks for the only row of a full table and puts another one in, while another thread removes the first.")
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The first row was still there, and the table was full.")
@Outcome(
        id = "1, 1, 1",
        expect = ACCEPTABLE,
        desc = "The first row was removed between the question and the insertion.")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The first row was removed before, and its place was free.")
@Outcome(
        id = "0, 0, 0",
        expect = ACCEPTABLE_INTERESTING,
        desc = "Who removes the first row was in the middle of it: readers do not see it any more, and its place is"
                + " not free yet. The table is called full too early by the length of a few stores.")
@Outcome(expect = FORBIDDEN, desc = "The answer of the insertion is not what is in the table.")
@State
public class RowRoomTest {
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final List<Table> TABLES = new ArrayList<>();

    static {
        for (int place = 0; place < Places.COUNT; place++) {
            TABLES.add(Application.table("room-" + place, 1, Column.int64("number")));
        }
    }

    private final Table table = TABLES.get(Places.index(Places.next()));

    /// The first row.
    public RowRoomTest() {
        boolean _ = table.remove(SECOND);
        boolean _ = table.set(FIRST, Map.of());
    }

    /// Removes it.
    @Actor
    public void remover() {
        boolean _ = table.remove(FIRST);
    }

    /// Asks for it, and puts another one in.
    @Actor
    public void adder(III_Result r) {
        r.r1 = table.contains(FIRST) ? 1 : 0;
        try {
            r.r2 = table.add(SECOND, Map.of()) ? 1 : 0;
        } catch (LimitException e) {
            r.r2 = 0;
        }
    }

    /// Looks for the second.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = table.contains(SECOND) ? 1 : 0;
    }
}
