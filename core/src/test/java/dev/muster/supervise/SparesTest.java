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
    void aSpareBootsAndWaits() {
        app.settle();
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
        assertThat(app.stateOf(1)).isEqualTo(SlotState.READY);
        app.pass(Duration.ofMinutes(1));
        assertThat(app.all(Effect.TakeEvidence.class)).isEmpty();
    }

    @Test
    void itTakesOverTheMomentAProcessIsSeenToBeDeadAndAnotherSpareIsMade() {
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
    void itTakesOverFromAHungWorkerBeforeThatIsKilledAndTheEvidenceHasMoreTime() {
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
    void betweenTwoOfItsBeatsItTakesOverAsWell() {
        app.settle();
        app.observe(2, 1, 0, 0);
        app.observe(2, 1, 0, 0);
        app.observe(2, 1, 0, 0);
        app.hear(new Event.Died(app.now(), 1));
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
    }

    @Test
    void oneThatHasShownNoBeatForLongerIsNotTrusted() {
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
    void inAnExclusiveSlotItWaitsForTheDeath() {
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
    void deathsWithoutWorkDoNotBurnOneSpareAfterTheOther() {
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
    void aSpareThatDiesIsReplacedAndOneThatFallsSilentIsKilled() {
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
    void aHungWorkerWithoutASpareGetsItsSuccessorBeforeItIsKilled() {
        app = History.of(Role.TASK, 1, 0, Recycling.NONE);
        app.settle();
        app.observe(1, 1, app.now(), 5);
        assertThat(app.last(Effect.Spawn.class).life()).isEqualTo(2);
        assertThat(app.all(Effect.Kill.class)).isEmpty();
    }

    private static final int LIMIT = History.LIMITS.silentObservations();
}
