package dev.muster.system.ledger;

import java.util.List;
import java.util.stream.Stream;

/// How large the runs are: slices in a build, and what a campaign wishes.
final class Size {
    private static final int SLICE = 300;

    /// Tasks of each run, `muster.ledger.tasks`.
    static final int TASKS = Integer.getInteger("muster.ledger.tasks", SLICE);

    /// Whether there is time for everything.
    static final boolean CAMPAIGN = TASKS > SLICE;

    /// How often a fault strikes in a run.
    static final int STRIKES = CAMPAIGN ? 5 : 1;

    private static final String FAULTS = System.getProperty("muster.ledger.faults", "");

    /// Whether somebody has said which faults are of interest.
    static final boolean CHOSEN = !FAULTS.isEmpty();

    private Size() {}

    /// The stores of the runs that are not a class for each store, `muster.ledger.brokers`.
    static List<String> brokers() {
        return List.of(System.getProperty("muster.ledger.brokers", "sqlite,redis,postgres")
                .split(",", -1));
    }

    /// The faults of the matrix, `muster.ledger.faults`.
    static List<Fault> faults() {
        return CHOSEN ? Stream.of(FAULTS.split(",", -1)).map(Fault::valueOf).toList() : List.of(Fault.values());
    }
}
