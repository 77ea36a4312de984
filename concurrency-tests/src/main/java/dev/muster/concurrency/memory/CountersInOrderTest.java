package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Counter;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two threads each set their counter and look at that of the other one, which is what locks are made of. A counter is
/// volatile: loads do not pass earlier stores.
@JCStressTest
@Description("Two threads set one counter each and read the other one.")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both stores were before both loads.")
@Outcome(
        id = "0, 1",
        expect = ACCEPTABLE,
        desc = "The first was through before the second began, or between its store and its load.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The second was through before the first stored.")
@Outcome(
        id = "0, 0",
        expect = FORBIDDEN,
        desc = "Both loads were before both stores: a store waited in a buffer, as that of a release may.")
@Outcome(expect = FORBIDDEN, desc = "Something that nobody wrote.")
@State
public class CountersInOrderTest {

    private static final List<Counter> FIRST = Application.counters("order-first-", Places.COUNT);
    private static final List<Counter> SECOND = Application.counters("order-second-", Places.COUNT);

    private final int place = Places.index(Places.next());

    /// Zero.
    public CountersInOrderTest() {
        FIRST.get(place).set(0);
        SECOND.get(place).set(0);
    }

    /// Sets the first, reads the second.
    @Actor
    public void first(II_Result r) {
        FIRST.get(place).set(1);
        r.r1 = (int) SECOND.get(place).get();
    }

    /// Sets the second, reads the first.
    @Actor
    public void second(II_Result r) {
        SECOND.get(place).set(1);
        r.r2 = (int) FIRST.get(place).get();
    }
}
