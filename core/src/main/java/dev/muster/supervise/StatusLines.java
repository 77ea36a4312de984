package dev.muster.supervise;

import dev.muster.Health;
import dev.muster.observe.Death;
import dev.muster.observe.SlotRow;
import java.util.ArrayList;
import java.util.List;

/// The state of the application as lines for the log: what SIGPWR asks for when nothing else gets through.
final class StatusLines {
    private StatusLines() {}

    static List<String> of(Health health, List<SlotRow> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("status: " + health.status() + ", generation " + health.generation()
                + (health.ready() ? ", ready" : ", not ready")
                + (health.reason().isEmpty() ? "" : "; " + health.reason()));
        for (SlotRow row : rows) {
            Death last = row.lastExit();
            lines.add(
                    "status: slot " + row.slot() + " " + row.name() + " " + row.state() + ", pid " + row.pid() + ", up "
                            + row.uptimeMillis() + " ms, restarts " + row.restarts()
                            + (row.task().isEmpty() ? "" : ", working on " + row.task())
                            + (last == null ? "" : ", last " + last.sentence()));
        }
        return lines;
    }
}
