package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.Counter;
import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/// A thread waits for a counter that another one changes meanwhile. Whether each wake-up comes is the subject of
/// `WaitWordTest`: here it may be missed for 100 ms, after which whoever waits looks by itself.
@JCStressTest
@Description("One thread waits until a counter is 1, another one makes it so.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter found the number, or was woken.")
@Outcome(
        id = "2",
        expect = ACCEPTABLE_INTERESTING,
        desc = "It took 90 ms and more: the waiter looked by itself, or the processor was elsewhere.")
@Outcome(expect = FORBIDDEN, desc = "The waiter was not woken in ten seconds.")
@State
public class CounterAwaitTest {

    private static final List<Counter> COUNTERS = Application.counters("await-", Places.COUNT);

    private final Counter counter = COUNTERS.get(Places.index(Places.next()));

    /// Zero.
    public CounterAwaitTest() {
        counter.set(0);
    }

    /// Waits.
    @Actor
    public void waiter(I_Result r) {
        long start = System.nanoTime();
        try {
            boolean came = counter.await(n -> n == 1, Duration.ofSeconds(10));
            r.r1 = !came ? 0 : System.nanoTime() - start < 90_000_000 ? 1 : 2;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Wakes it.
    @Actor
    public void waker() {
        boolean _ = counter.compareAndSet(0, 1);
    }
}
