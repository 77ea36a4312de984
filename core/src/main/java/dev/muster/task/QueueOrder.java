package dev.muster.task;

import dev.muster.config.QueueShares;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/// In which order a worker looks into its queues.
///
/// **Threads:** safe for use by many threads.
final class QueueOrder {
    private final QueueShares shares;
    private final IntUnaryOperator random;

    QueueOrder(QueueShares shares) {
        this(shares, bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    /// @param random a number from 0 to below the one that it is given
    QueueOrder(QueueShares shares, IntUnaryOperator random) {
        this.shares = shares;
        this.random = random;
    }

    /// All of them, as they were written.
    List<String> names() {
        return shares.names();
    }

    /// The order for one claim: as written if it is strict, else drawn by the weights, each time anew.
    List<String> next() {
        if (shares.weights().isEmpty() || shares.names().size() == 1) {
            return shares.names();
        }
        List<String> names = new ArrayList<>(shares.names());
        List<Integer> weights = new ArrayList<>(shares.weights());
        List<String> order = new ArrayList<>(names.size());
        int sum = weights.stream().mapToInt(Integer::intValue).sum();
        while (!names.isEmpty()) {
            int drawn = random.applyAsInt(sum);
            int at = 0;
            while (drawn >= weights.get(at)) {
                drawn -= weights.get(at);
                at++;
            }
            sum -= weights.remove(at);
            order.add(names.remove(at));
        }
        return order;
    }
}
