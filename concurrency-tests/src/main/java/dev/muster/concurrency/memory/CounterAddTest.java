package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Counter;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/// Two threads add to a counter.
@JCStressTest
@Description("Two threads add 1 and 2.")
@Outcome(id = "1, 3, 3", expect = ACCEPTABLE, desc = "The first was before the second.")
@Outcome(id = "3, 2, 3", expect = ACCEPTABLE, desc = "The second was before the first.")
@Outcome(expect = FORBIDDEN, desc = "An addition is lost, or the sums are not those of one order.")
@State
public class CounterAddTest {

    private static final List<Counter> COUNTERS = Application.counters("add-", Places.COUNT);

    private final Counter counter = COUNTERS.get(Places.index(Places.next()));

    /// Zero.
    public CounterAddTest() {
        counter.set(0);
    }

    /// Adds 1.
    @Actor
    public void first(III_Result r) {
        r.r1 = (int) counter.add(1);
    }

    /// Adds 2.
    @Actor
    public void second(III_Result r) {
        r.r2 = (int) counter.add(2);
    }

    /// Reads the sum.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) counter.get();
    }
}
