package dev.muster.concurrency.memory;

import dev.muster.memory.Counter;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What threads are told by the operations of a [Counter] is what a number would have told them one after the other.
@Param(name = "number", gen = IntGen.class, conf = "0:2")
public class CounterLinearizabilityTest {
    private static final Counter COUNTER = Application.counters("linear-", 1).getFirst();

    /// Zero.
    public CounterLinearizabilityTest() {
        COUNTER.set(0);
    }

    @Operation
    public long get() {
        return COUNTER.get();
    }

    @Operation
    public void set(@Param(name = "number") int number) {
        COUNTER.set(number);
    }

    @Operation
    public long add(@Param(name = "number") int number) {
        return COUNTER.add(number);
    }

    @Operation
    public boolean compareAndSet(@Param(name = "number") int expected, @Param(name = "number") int number) {
        return COUNTER.compareAndSet(expected, number);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void isLikeANumber() {
        Linearizability.check(CounterLinearizabilityTest.class, OneAfterTheOther.class);
    }

    /// The number.
    public static final class OneAfterTheOther {
        private long value;

        public long get() {
            return value;
        }

        public void set(int number) {
            value = number;
        }

        public long add(int number) {
            value += number;
            return value;
        }

        public boolean compareAndSet(int expected, int number) {
            boolean equal = value == expected;
            value = equal ? number : value;
            return equal;
        }
    }
}
