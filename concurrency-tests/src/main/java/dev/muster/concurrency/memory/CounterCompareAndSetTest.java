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

/// Two threads change a counter, each on the condition that it is as it was.
@JCStressTest
@Description("Two threads compare and set a counter that only one of them can find as expected.")
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "The first won.")
@Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "The second won.")
@Outcome(
        id = {"1, 1, 1", "1, 1, 2"},
        expect = FORBIDDEN,
        desc = "Both have won.")
@Outcome(expect = FORBIDDEN, desc = "Nobody has won, or what was answered is not what was done.")
@State
public class CounterCompareAndSetTest {

    private static final List<Counter> COUNTERS = Application.counters("compare-", Places.COUNT);

    private final Counter counter = COUNTERS.get(Places.index(Places.next()));

    /// Zero.
    public CounterCompareAndSetTest() {
        counter.set(0);
    }

    /// Makes 1 of it.
    @Actor
    public void first(III_Result r) {
        r.r1 = counter.compareAndSet(0, 1) ? 1 : 0;
    }

    /// Makes 2 of it.
    @Actor
    public void second(III_Result r) {
        r.r2 = counter.compareAndSet(0, 2) ? 1 : 0;
    }

    /// Reads it.
    @Arbiter
    public void arbiter(III_Result r) {
        r.r3 = (int) counter.get();
    }
}
