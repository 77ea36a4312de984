package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a spare is there for.
@Timeout(10)
class SparesTest {
    private History app = History.of(Role.TASK, 1, 1, Recycling.NONE);

    @Test
    void a_spare_boots_and_waits() {
        app.settle();
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
        assertThat(app.stateOf(1)).isEqualTo(SlotState.READY);
        app.pass(Duration.ofMinutes(1));
        assertThat(app.all(Effect.TakeEvidence.class)).isEmpty();
    }

    @Test
    void it_takes_over_the_moment_a_process_is_seen_to_be_dead_and_another_spare_is_made() {
        app.settle();
        app.observe(1, 1, 0, 5);
        app.hear(new Event.Died(app.now(), 1));
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
        app.exit(1, -1, 9, 5);
        app.takeUp();
        assertThat(app.present(0)).isEqualTo(2);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
        app.pass(Duration.ofSeconds(1));
        app.settle();
        assertThat(app.present(1)).isEqualTo(3);
        assertThat(app.stateOf(1)).isEqualTo(SlotState.READY);
    }

    @Test
    void it_takes_over_from_a_hung_worker_before_that_is_killed_and_the_evidence_has_more_time() {
        app.settle();
        app.observe(1, 1, app.now(), 5);
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
        assertThat(app.last(Effect.TakeEvidence.class).patient()).isTrue();
        assertThat(app.all(Effect.Kill.class)).isEmpty();
        app.pass(Duration.ofMillis(2_500));
        assertThat(app.all(Effect.Kill.class)).isEmpty();
        app.pass(Duration.ofMillis(750));
        assertThat(app.last(Effect.Kill.class).life()).isOne();
    }

    @Test
    void between_two_of_its_beats_it_takes_over_as_well() {
        app.settle();
        app.observe(2, 1, 0, 0);
        app.observe(2, 1, 0, 0);
        app.observe(2, 1, 0, 0);
        app.hear(new Event.Died(app.now(), 1));
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
    }

    @Test
    void one_that_has_shown_no_beat_for_longer_is_not_trusted() {
        app.settle();
        app.observe(2, 1, 0, 0);
        for (int i = 0; i < 3; i++) {
            app.observe(2, 1, 0, 0);
        }
        app.hear(new Event.Died(app.now(), 1));
        app.exit(1, -1, 9, 5);
        assertThat(app.last(Effect.Spawn.class).slot()).isZero();
    }

    @Test
    void in_an_exclusive_slot_it_waits_for_the_death() {
        app = History.of(Role.USER, 1, 1, Recycling.NONE);
        app.settle();
        app.observe(1, 1, app.now(), 5);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.STUCK);
        assertThat(app.last(Effect.Activate.class).life()).isOne();
        app.hear(new Event.EvidenceTaken(app.now(), 1));
        app.hear(new Event.Died(app.now(), 1));
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
    }

    @Test
    void deaths_without_work_do_not_burn_one_spare_after_the_other() {
        app.settle();
        app.exit(1, 1, 0, 0);
        assertThat(app.present(0)).as("the first time it takes over").isEqualTo(2);
        app.takeUp();
        app.pass(Duration.ofSeconds(1));
        app.settle();
        app.hear(new Event.Died(app.now(), 2));
        app.exit(2, 1, 0, 0);
        assertThat(app.stateOf(0)).as("the second time there is a pause").isEqualTo(SlotState.BACKOFF);
    }

    @Test
    void a_spare_that_dies_is_replaced_and_one_that_falls_silent_is_killed() {
        app.settle();
        for (int i = 0; i <= LIMIT; i++) {
            app.observe(1, i, 0, 1);
            app.observe(2, 7, 0, 0);
            app.tick();
        }
        assertThat(app.last(Effect.TakeEvidence.class).life()).isEqualTo(2);
        app.exit(2, -1, 9, 0);
        app.pass(Duration.ofSeconds(2));
        assertThat(app.present(1)).isEqualTo(3);
        assertThat(app.present(0)).isOne();
    }

    @Test
    void a_hung_worker_without_a_spare_gets_its_successor_before_it_is_killed() {
        app = History.of(Role.TASK, 1, 0, Recycling.NONE);
        app.settle();
        app.observe(1, 1, app.now(), 5);
        assertThat(app.last(Effect.Spawn.class).life()).isEqualTo(2);
        assertThat(app.all(Effect.Kill.class)).isEmpty();
    }

    private static final int LIMIT = History.LIMITS.silentObservations();
}
