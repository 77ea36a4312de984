package dev.muster.console.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One event of a storm.
///
/// @param atMillis since the beginning
/// @param target a number that chooses among what is there then
/// @param amount how much, or for how many milliseconds
record Blow(long atMillis, Kind kind, int target, int amount) {
    private static final int SHORTEST_GAP = 150;
    private static final int GAP_SPREAD = 800;
    private static final int LARGEST = 1 << 20;

    /// What can happen, and how often in relation to the others.
    enum Kind {
        /// kill -9 of any process but the master.
        KILL9(24),
        /// SIGSTOP of any process but the master, and SIGCONT after `amount` milliseconds, or at the end.
        STOP(10),
        /// SIGSTOP of the master, and SIGCONT after at most two seconds.
        STOP_MASTER(2),
        /// TERM from outside.
        TERM(5),
        /// `muster restart`.
        RESTART(8),
        /// `muster kill`.
        KILL(8),
        /// `muster reload`.
        RELOAD(5),
        /// `muster scale`.
        SCALE(8),
        /// `muster pause`, and `muster resume` after `amount` milliseconds.
        PAUSE(6),
        /// A task that hangs, ends its process, fills its heap, or throws.
        POISON(16),
        /// A number of tasks at once.
        BURST(8);

        private static final int WEIGHTS =
                List.of(values()).stream().mapToInt(kind -> kind.weight).sum();
        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        private static Kind drawn(Random random) {
            int draw = random.nextInt(WEIGHTS);
            for (Kind kind : values()) {
                draw -= kind.weight;
                if (draw < 0) {
                    return kind;
                }
            }
            throw new IllegalStateException("the weights do not add up");
        }
    }

    /// The events of a storm; the same seed and duration give the same.
    static List<Blow> storm(long seed, long millis) {
        Random random = new Random(seed);
        List<Blow> blows = new ArrayList<>();
        for (long at = gap(random); at < millis; at += gap(random)) {
            blows.add(new Blow(at, Kind.drawn(random), random.nextInt(LARGEST), random.nextInt(LARGEST)));
        }
        return blows;
    }

    private static long gap(Random random) {
        return random.nextInt(SHORTEST_GAP, SHORTEST_GAP + GAP_SPREAD);
    }

    /// The amount, brought into a range.
    int amount(int from, int to) {
        return from + amount % (to - from + 1);
    }

    /// Chooses one of several by the target.
    <T> T chosen(List<T> among) {
        return among.get(target % among.size());
    }

    /// For people and for comparison: two runs with the same seed print the same.
    @Override
    public String toString() {
        return atMillis + " ms " + kind + " " + target + " " + amount;
    }
}
