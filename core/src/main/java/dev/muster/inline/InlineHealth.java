package dev.muster.inline;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.observe.SlotRow;
import java.util.List;

/// How an application that is one JVM is doing. A pure function.
final class InlineHealth {
    private static final String LABEL = "inline: one JVM, no isolation, no kill";

    private InlineHealth() {}

    /// @param running whether no stop was ordered
    static Health of(List<SlotRow> rows, boolean running) {
        boolean up = true;
        boolean trouble = false;
        for (SlotRow row : rows) {
            switch (row.state()) {
                case "RUNNING", "STOPPED" -> {}
                case "STUCK", "BACKOFF", "QUARANTINE" -> trouble = true;
                default -> up = false;
            }
        }
        Status status = !running ? Status.STOPPING : trouble ? Status.DEGRADED : Status.OK;
        return new Health(status, LABEL, up, running && up && !trouble, 1);
    }
}
