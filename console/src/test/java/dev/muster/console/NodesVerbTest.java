package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Coordination.Lease;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NodesVerbTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final String NOTE =
            "{\"app\":\"Shop\",\"host\":\"web-1\",\"master\":7,\"at\":\"2030-01-01T11:59:50Z\"}";

    @Test
    void showsNodesAndWhatWorksThere() {
        List<NodesVerb.Row> rows = NodesVerb.rows(
                List.of(
                        new Lease("node/n-1", "n-1", NOTE, 1, NOW.plusSeconds(50)),
                        new Lease("node/n-2", "n-2", "no json", 1, NOW.plusSeconds(5))),
                List.of(
                        new Lease("process/Shop/Leader#1", "n-1", NOTE, 4, NOW.plusSeconds(10)),
                        new Lease("process/Shop/Other#1", "n-3", NOTE, 4, NOW.plusSeconds(10))));

        StringWriter text = new StringWriter();
        NodesVerb.table(rows, NOW).print(new PrintWriter(text));
        assertThat(text.toString()).isEqualTo("""
            HOST   APP   MASTER  GONE IN  WORKS HERE     NODE
            web-1  Shop       7    50.0s  Shop/Leader#1  n-1
            -      -          0     5.0s  -              n-2
            web-1  Shop       7    10.0s  Shop/Other#1   n-3
            """);
        assertThat(TasksJson.nodes(rows))
                .startsWith("[{\"node\":\"n-1\",\"host\":\"web-1\",\"app\":\"Shop\",\"master\":7,"
                        + "\"seenAt\":\"2030-01-01T11:59:50Z\",\"goneAt\":\"2030-01-01T12:00:50Z\","
                        + "\"processes\":[\"Shop/Leader#1\"]}");
    }
}
