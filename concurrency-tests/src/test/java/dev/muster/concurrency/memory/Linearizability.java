package dev.muster.concurrency.memory;

import org.jetbrains.lincheck.datastructures.StressOptions;

/// How long Lincheck looks for a history that no order of the operations explains. It runs threads and judges what they
/// were told. Its model checker cannot be used here: it does not know the accesses to memory that is not an object.
final class Linearizability {
    private static final int ITERATIONS = Integer.getInteger("muster.lincheck.iterations", 8);
    private static final int INVOCATIONS = 300;

    private Linearizability() {}

    /// @param test has the operations, and is made anew for each invocation
    /// @param sequential has the same operations, for one thread
    static void check(Class<?> test, Class<?> sequential) {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(2)
                .actorsPerThread(4)
                .sequentialSpecification(sequential)
                .check(test);
    }
}
