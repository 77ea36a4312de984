package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.Health;
import dev.muster.Role;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When and how a process is replaced by a fresh one.
@Timeout(10)
class RecyclerTest {
    private static final long MIB = 1L << 20;

    private static History app(Recycling recycling) {
        History app = History.of(Role.TASK, 2, 0, recycling);
        app.settle();
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 0));
        app.hear(new Event.Measured(app.now(), 2, 30 * MIB, 0));
        return app;
    }

    @Test
    void byMemoryWithTheReplacementReadyFirstAndOneAtATime() {
        History app = app(new Recycling(0, 0, 60 * MIB, 0));
        app.hear(new Event.Measured(app.now(), 1, 61 * MIB, 0));
        app.hear(new Event.Measured(app.now(), 2, 61 * MIB, 0));
        assertThat(app.heir(0)).isEqualTo(3);
        assertThat(app.heir(1)).as("one at a time").isZero();
        assertThat(app.all(Effect.SendStop.class)).isEmpty();
        app.boot(3);
        app.takeUp();
        assertThat(app.last(Effect.SendStop.class).life()).isOne();
        app.hear(new Event.Measured(app.now(), 2, 61 * MIB, 0));
        assertThat(app.heir(1)).as("the old one still finishes its work").isZero();
        app.hear(new Event.SaidBye(app.now(), 1, ExitReason.REQUESTED, "", false));
        app.exit(1, 0, 0, 4);
        assertThat(app.last(Effect.Bury.class).reason()).isEqualTo(ExitReason.RECYCLE);
        app.hear(new Event.Measured(app.now(), 2, 61 * MIB, 0));
        assertThat(app.heir(1)).isEqualTo(4);
    }

    @Test
    void aLimitOfMemoryUnderTheBaselineIsRefusedWithAnAlarm() {
        History app = app(new Recycling(0, 0, 32 * MIB, 0));
        app.hear(new Event.Measured(app.now(), 1, 70 * MIB, 0));
        assertThat(app.heir(0)).isZero();
        assertThat(app.all(Effect.Tell.class))
                .filteredOn(tell -> tell.level() == Effect.Level.ALARM)
                .hasSize(2)
                .allMatch(tell -> tell.text().contains("33554432 bytes lies under the 31457280 bytes"));
        assertThat(Why.of(app.state(), 0, app.now())).contains("is not recycled by memory");
    }

    @Test
    void byUnitsAndByAgeEachAFifthMoreOrLess() {
        History app = app(new Recycling(100, Duration.ofMinutes(10).toNanos(), 0, 0));
        app.observe(1, 1, 0, 79);
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 0));
        assertThat(app.heir(0)).isZero();
        app.observe(1, 2, 0, 121);
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 0));
        assertThat(app.heir(0)).isEqualTo(3);
        app.boot(3);
        app.takeUp();
        app.exit(1, 0, 0, 121);
        app.pass(Duration.ofMinutes(12));
        app.hear(new Event.Measured(app.now(), 2, 30 * MIB, 0));
        assertThat(app.heir(1)).isEqualTo(4);
    }

    @Test
    void byTheShareOfTheCollectorOnlyWhenItLasts() {
        History app = app(new Recycling(0, 0, 0, 80));
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 95));
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 95));
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 20));
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 95));
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 95));
        assertThat(app.heir(0)).isZero();
        app.hear(new Event.Measured(app.now(), 1, 30 * MIB, 95));
        assertThat(app.heir(0)).isEqualTo(3);
    }

    @Test
    void aReplacementThatDoesNotComeUpLeavesTheOldOneAtWorkAndIsTriedLater() {
        History app = app(new Recycling(0, 0, 60 * MIB, 0));
        app.hear(new Event.Measured(app.now(), 1, 61 * MIB, 0));
        app.exit(3, 65, 0, 0);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
        app.hear(new Event.Measured(app.now(), 1, 61 * MIB, 0));
        assertThat(app.heir(0)).isZero();
        app.pass(Duration.ofSeconds(31));
        app.hear(new Event.Measured(app.now(), 1, 61 * MIB, 0));
        assertThat(app.heir(0)).isEqualTo(4);
    }

    @Test
    void becauseItIsStalledOnceAndThenTheApplicationIsUnwell() {
        History app = app(new Recycling(0, 0, 0, 0));
        app.hear(new Event.Stalled(app.now(), 1, "none of 3 ready tasks"));
        assertThat(app.heir(0)).isEqualTo(3);
        assertThat(HealthReport.of(app.state(), Set.of()).reason())
                .isEqualTo("idle although tasks are ready: "
                        + app.state().slots().get(0).spec().name() + " RUNNING");
        assertThat(Why.of(app.state(), 0, app.now())).contains("it is stalled: none of 3 ready tasks");
        app.boot(3);
        app.takeUp();
        app.exit(1, 0, 0, 4);
        assertThat(HealthReport.of(app.state(), Set.of()).status()).isEqualTo(Health.Status.OK);

        app.pass(Duration.ofMinutes(1));
        app.hear(new Event.Stalled(app.now(), 3, "none of 4 ready tasks"));
        app.hear(new Event.Measured(app.now(), 3, 30 * MIB, 0));
        assertThat(app.heir(0)).as("a fresh one did no better").isZero();
        assertThat(HealthReport.of(app.state(), Set.of()).status()).isEqualTo(Health.Status.DEGRADED);

        app.hear(new Event.Stalled(app.now(), 3, ""));
        assertThat(HealthReport.of(app.state(), Set.of()).status()).isEqualTo(Health.Status.OK);
        app.hear(new Event.Stalled(app.now(), 3, "none of 5 ready tasks"));
        app.pass(Duration.ofMinutes(10));
        app.hear(new Event.Measured(app.now(), 3, 30 * MIB, 0));
        assertThat(app.heir(0)).as("after ten minutes it may be tried again").isEqualTo(4);
    }
}
