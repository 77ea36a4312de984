package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.memory.ChannelStats;
import dev.muster.memory.MemoryReport;
import dev.muster.memory.MemoryReport.CounterValue;
import dev.muster.memory.MemoryReport.LockState;
import dev.muster.memory.MemoryReport.Lost;
import dev.muster.memory.TableStats;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TablesVerbTest {
    private static final MemoryReport REPORT = new MemoryReport(
            List.of(new TableStats("users", 3, 1024, 700_000, 2, 1)),
            List.of(new ChannelStats("orders", 2, 50, 64, 10_000, 12, 10, 1, 4, 5, true)),
            List.of(new CounterValue("open", -7)),
            List.of(new LockState("a", 0, false, 0), new LockState("b", 12, true, 0), new LockState("c", 13, false, 2)),
            List.of(new Lost("table", "gone", "its file is empty; restart the application")));

    @Test
    void peopleSeeOneRowForEach() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        TablesVerb.table(REPORT).print(out);
        out.flush();
        assertThat(text.toString().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "KIND|NAME|SIZE|CAPACITY|MEMORY|NOTE",
                        "table|users|3|1024|684KiB|taken over from 1 processes that died in the middle of a change",
                        "channel|orders|2|50|10KiB|put 12, taken 10, unconfirmed 1, returned 5, lost 4, closed",
                        "counter|open|-7|-|-|-",
                        "lock|a|-|-|-|free",
                        "lock|b|-|-|-|held by process 12",
                        "lock|c|-|-|-|held by process 13, which is dead: free for the next one; 2 holders died with"
                                + " it",
                        "table|gone|-|-|-|lost: its file is empty; restart the application");
    }

    @Test
    void programsSeeNumbers() {
        Json json = Json.object(TablesVerb.json(REPORT));
        assertThat(json.list("tables").getFirst().text("name")).isEqualTo("users");
        assertThat(json.list("tables").getFirst().number("capacity")).isEqualTo(1024);
        assertThat(json.list("channels").getFirst().number("unconfirmed")).isEqualTo(1);
        assertThat(json.list("channels").getFirst().flag("closed")).isTrue();
        assertThat(json.list("counters").getFirst().number("value")).isEqualTo(-7);
        assertThat(json.list("locks").get(1).number("owner")).isEqualTo(12);
        assertThat(json.list("locks").get(2).flag("alive")).isFalse();
        assertThat(json.list("lost").getFirst().text("name")).isEqualTo("gone");
    }
}
