package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Several processes on one table: it is created once, no row is ever seen half, nothing that was added is lost.
@Tag("degraded")
@Timeout(120)
@ResourceLock("shared memory of this JVM")
class TableProcessesTest {
    private static final int PROCESSES = 3;
    private static final int STEPS = 20_000;

    @Test
    void theyShareEveryRow() throws Exception {
        try (Application application = Application.start()) {
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(application.process(TableWorker.class, List.of(), "" + i, "" + STEPS));
            }
            long seen = 0;
            while (processes.stream().anyMatch(Process::isAlive)) {
                List<Row> rows = new ArrayList<>();
                TableWorker.TABLE.forEach(rows::add);
                assertThat(rows).allMatch(TableWorker::whole);
                seen += rows.size();
            }
            for (Process process : processes) {
                assertThat(process.waitFor()).isZero();
            }
            assertThat(seen).as("rows that were looked at").isGreaterThan(1_000);
            assertThat(TableWorker.TABLE.int64(TableWorker.COUNT, "hits")).isEqualTo(PROCESSES * 2L * STEPS);
            TableAudit.check(TableWorker.TABLE);
            assertThat(TableWorker.TABLE.stats().recoveries()).isZero();
            Map<String, Object> there = TableWorker.TABLE.get(TableWorker.COUNT).values();
            assertThat(there).containsEntry("value", "");
        }
    }
}
