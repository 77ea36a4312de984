package dev.muster.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.Role;
import dev.muster.control.Message.SlotLine;
import dev.muster.control.Message.StatsReply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HealthProbeTest {
    private Health health = new Health(Status.OK, "", true, true, 1);
    private boolean silent;
    private int asked;
    private long now = 7;
    private final HealthProbe probe = new HealthProbe("Shop", 812, this::answer, () -> now);

    private StatsReply answer() {
        asked++;
        if (silent) {
            throw new IllegalStateException("the master did not answer within 2000 ms");
        }
        return new StatsReply(
                1,
                1_000,
                health,
                List.of(
                        new SlotLine(0, Role.TASK, "task#1", 9, "RUNNING", 1, 0, 0, 0, 0),
                        new SlotLine(1, Role.TASK, "task#2", 0, "BACKOFF", 0, 0, 0, 0, 0)));
    }

    private void later() {
        now += HealthProbe.FRESH_NANOS;
    }

    private void assertAnswer(String target, int code, String body) {
        assertThat(probe.answer(target)).as(target).isEqualTo(ProbeAnswer.text(code, body));
    }

    @Test
    void healthyIsAliveReadyAndStarted() {
        assertAnswer("/livez", 200, "alive");
        assertAnswer("/readyz", 200, "ready");
        assertAnswer("/startupz", 200, "started");
    }

    @Test
    void notReadySaysWhyAndIsAliveAllTheSame() {
        health = new Health(Status.STOPPING, "a stop was ordered", true, false, 1);

        assertAnswer("/livez", 200, "alive");
        assertAnswer("/readyz", 503, "STOPPING: a stop was ordered");
        assertAnswer("/startupz", 200, "started");
    }

    @Test
    void notStartedIsSaidByBoth() {
        health = new Health(Status.OK, "starting, not ready yet: a BOOTING", false, false, 1);

        assertAnswer("/readyz", 503, "OK: starting, not ready yet: a BOOTING");
        assertAnswer("/startupz", 503, "OK: starting, not ready yet: a BOOTING");
    }

    @Test
    void degradedIsReadyAsLongAsTheMasterSaysSo() {
        health = new Health(Status.DEGRADED, "in trouble: a QUARANTINE", true, true, 1);

        assertAnswer("/readyz", 200, "ready");
    }

    @Test
    void aSilentMasterIsNotAlive() {
        assertAnswer("/livez", 200, "alive");
        later();
        silent = true;

        for (String path : List.of("/livez", "/readyz", "/startupz")) {
            assertAnswer(path, 503, "the master did not answer within 2000 ms");
        }
        assertThat(probe.answer("/healthz").code()).isEqualTo(503);
        assertThat(probe.answer("/healthz").body()).contains("did not answer");
        assertThat(asked).isEqualTo(2);

        later();
        silent = false;
        assertAnswer("/livez", 200, "alive");
    }

    @Test
    void anAnswerOfTheMasterHoldsForAMoment() {
        for (int i = 0; i < 1_000; i++) {
            assertAnswer("/readyz", 200, "ready");
        }
        assertThat(asked).isEqualTo(1);

        now += HealthProbe.FRESH_NANOS - 1;
        assertAnswer("/readyz", 200, "ready");
        assertThat(asked).isEqualTo(1);

        now++;
        assertAnswer("/readyz", 200, "ready");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void detailIsJson() {
        health = new Health(Status.DEGRADED, "in trouble: \"a\"", true, true, 2);
        for (String target : List.of("/healthz", "/readyz?verbose", "/livez?verbose=1", "/startupz?verbose")) {
            ProbeAnswer answer = probe.answer(target);
            assertThat(answer.code()).isEqualTo(200);
            assertThat(answer.type()).isEqualTo("application/json");
            assertThat(answer.body())
                    .startsWith("{\"app\":\"Shop\",\"health\":\"DEGRADED\",\"reason\":\"in trouble: \\\"a\\\"\","
                            + "\"started\":true,\"ready\":true,\"generation\":2,\"masterPid\":812,\"uptimeMs\":")
                    .endsWith("\"roles\":{\"task\":{\"slots\":2,\"running\":1}}}\n");
        }
    }

    @Test
    void anotherPathIsNotFoundAndAsksNobody() {
        assertThat(probe.answer("/").code()).isEqualTo(404);
        assertThat(probe.answer("/livez/..").code()).isEqualTo(404);
        assertThat(asked).isZero();
    }
}
