package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker.QueueCounts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class RenderingTest {
    @Test
    void processes() {
        String json = """
            [{"slot":0,"role":"pool","name":"asynctask#1","pid":812,"generation":1,"state":"READY","uptimeMs":63000,
              "restarts":2,"rssBytes":33554432,"task":"17 Mail.send","done":5,"failed":0,
              "lastExit":{"reason":"STUCK","kind":"deadline","code":null,"signal":9,"at":"2026-01-01T00:00:00Z","dump":"/d"}},
             {"slot":12,"role":"user","name":"Ticker","pid":0,"generation":1,"state":"BACKOFF","uptimeMs":0,
              "restarts":0,"rssBytes":0,"task":null,"lastExit":null}]\
            """;

        assertThat(printed(PsVerb.table(Json.array(json)))).isEqualTo("""
            SLOT  ROLE  NAME         PID  GEN  STATE    UPTIME  RESTARTS    RSS  LAST EXIT                TASK
               0  pool  asynctask#1  812    1  READY     1m03s         2  32MiB  STUCK deadline signal 9  17 Mail.send
              12  user  Ticker         -    1  BACKOFF       -         0      -  -                        -
            """);
    }

    @Test
    void deaths() {
        String json = """
            [{"slot":3,"name":"Ticker","pid":9,"reason":"ERROR","code":3,"signal":null,"at":"2026-01-01T00:00:00Z",
              "dump":null,"uptimeMs":812,"task":null,"detail":null}]\
            """;

        assertThat(printed(DeathsVerb.table(Json.array(json)))).isEqualTo("""
            TIME                  SLOT  NAME    REASON        UPTIME  TASK  DUMP
            2026-01-01T00:00:00Z     3  Ticker  ERROR code 3   812ms  -     -
            """);
    }

    @Test
    void queuesAndTheirSum() {
        Map<String, QueueCounts> counts = Map.of("mail", new QueueCounts(15, 1, 2, 3, 4, 5, 0, 6));

        assertThat(printed(TasksVerb.table(counts))).isEqualTo("""
            QUEUE  READY  SCHEDULED  RUNNING  DONE  DEAD  RETRIED
            mail       1          2        3     4     5        6
            """);
        assertThat(printed(TasksVerb.table(Map.of()))).contains("total      0");
        assertThat(TasksJson.counts(counts, Set.of(), "power"))
                .isEqualTo(
                        "{\"queues\":{\"mail\":{\"ready\":1,\"scheduled\":2,\"running\":3,\"done\":4,\"dead\":5,\"retried\":6,"
                            + "\"deleted\":0,\"accepted\":15}},\"total\":{\"ready\":1,\"scheduled\":2,\"running\":3,\"done\":4,"
                            + "\"dead\":5,\"retried\":6,\"deleted\":0,\"accepted\":15},\"durability\":\"power\"}");
    }

    @Test
    void durationsAndSizes() {
        assertThat(Texts.duration(999)).isEqualTo("999ms");
        assertThat(Texts.duration(59_999)).isEqualTo("59.9s");
        assertThat(Texts.duration(3_599_999)).isEqualTo("59m59s");
        assertThat(Texts.duration(86_399_999)).isEqualTo("23h59m");
        assertThat(Texts.duration(86_400_000)).isEqualTo("1d0h");
        assertThat(Texts.size(1)).isEqualTo("1KiB");
        assertThat(Texts.size(1 << 20)).isEqualTo("1MiB");
        assertThat(Texts.shortened("abcdef", 4)).isEqualTo("abc…");
    }

    @Test
    void jsonThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Json.array("{}")).hasMessageContaining("not a JSON array");
        assertThatThrownBy(() -> Json.object("nope")).hasMessageContaining("not JSON");
        assertThat(Json.object("{\"a\":{\"b\":1.5},\"c\":[true,null]}").at("a").text("b"))
                .isEqualTo("1.5");
    }

    private static String printed(Table table) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text));
        return text.toString();
    }
}
