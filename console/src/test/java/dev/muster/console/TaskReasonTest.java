package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.Incarnation;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TaskReasonTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final QueueCounts COUNTS = new QueueCounts(9, 3, 0, 1, 0, 0, 0, 0);
    private static final SecretMask MASK = new SecretMask(List.of("password"));
    private static final List<Json> PROCESSES = Json.array("""
        [{"name":"task","queue":"mail"},{"name":"hands","queue":"x","queues":"rest=1,slow=2"},{"name":"Ticker"}]\
        """);
    private static final List<Json> ROWS = Json.array("""
        [{"name":"task#1","pid":7,"state":"RUNNING","task":"t-9 mail.send"},{"name":"task#2","pid":8,"state":"BACKOFF","task":null},
         {"name":"hands","pid":9,"state":"RUNNING","task":null}]\
        """);

    private static TaskView task(String state, String queue, String owner, String reason, String detail) {
        long changed = NOW.minusSeconds(90).toEpochMilli();
        long due = state.equals("SCHEDULED") ? NOW.plusSeconds(60).toEpochMilli() : 0;
        return new TaskView(
                "t-1", queue, state, "{}", 1, 0, reason, detail, changed, changed, List.of(), 0, "", owner, due, false,
                "", "");
    }

    private static String why(TaskView task, Set<String> paused, List<Json> rows) {
        return String.join("\n", new TaskReason(NOW, paused, rows, PROCESSES).of(task, COUNTS, MASK));
    }

    @Test
    void ofAReadyTaskIsWhoKeepsItWaiting() {
        assertThat(why(task("READY", "mail", "", "", ""), Set.of(), ROWS))
                .contains("READY for 1m30s in the queue mail (3 ready, 1 running)")
                .contains("task#1 RUNNING on t-9 mail.send, task#2 BACKOFF")
                .contains("no worker is free");
        assertThat(why(task("READY", "slow", "", "", ""), Set.of(), ROWS)).contains("a worker is free");
        assertThat(why(task("READY", "mail", "", "", ""), Set.of("mail"), ROWS))
                .contains("the queue is paused; 'muster tasks resume mail'")
                .contains("task#1 RUNNING")
                .doesNotContain("worker is free");
        assertThat(why(task("READY", "nowhere", "", "", ""), Set.of(), ROWS))
                .contains("no workers of this application take from the queue nowhere");
        assertThat(why(task("READY", "mail", "", "", ""), Set.of(), List.of()))
                .contains("the application is not running");
    }

    @Test
    void ofAScheduledTaskIsItsTime() {
        assertThat(why(task("SCHEDULED", "mail", "", "", ""), Set.of(), ROWS))
                .contains("becomes ready at 2030-01-01T12:01:00Z, in 1m00s");
    }

    @Test
    void ofARunningTaskIsItsWorker() {
        String boot = Incarnation.self().boot();
        assertThat(why(task("RUNNING", "mail", boot + "-7-1-00000000", "", ""), Set.of(), ROWS))
                .contains("claimed for 1m30s by task#1 (pid 7)");
        assertThat(why(task("RUNNING", "mail", boot + "-99-1-00000000", "", ""), Set.of(), ROWS))
                .contains("the process 99, which is none of this application")
                .contains("given back");
        assertThat(why(task("RUNNING", "mail", "00000001-7-1-00000000", "", ""), Set.of(), ROWS))
                .contains("another machine or boot");
    }

    @Test
    void ofADeadTaskIsItsReasonWithoutSecrets() {
        assertThat(why(task("DEAD", "mail", "", "FAILED", "no: password=hunter2\n at x"), Set.of(), ROWS))
                .contains("DEAD for 1m30s: FAILED, after 1 attempts and 0 crashes")
                .contains("muster tasks retry t-1")
                .contains("password=***")
                .doesNotContain("hunter2");
    }
}
