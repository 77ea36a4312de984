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
        List<Share> left = new ArrayList<>();
        int sum = 0;
        for (int i = 0; i < shares.names().size(); i++) {
            left.add(new Share(shares.names().get(i), shares.weights().get(i)));
            sum += shares.weights().get(i);
        }
        List<String> order = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            Share drawn = drawn(left, random.applyAsInt(sum));
            boolean _ = left.remove(drawn);
            sum -= drawn.weight;
            order.add(drawn.name);
        }
        return order;
    }

    private static Share drawn(List<Share> shares, int number) {
        int rest = number;
        for (Share share : shares) {
            rest -= share.weight;
            if (rest < 0) {
                return share;
            }
        }
        return shares.getLast();
    }

    private record Share(String name, int weight) {}
}
