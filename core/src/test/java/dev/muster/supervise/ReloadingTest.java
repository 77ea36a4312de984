package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a reload promises.
@Timeout(10)
class ReloadingTest {
    private History app = History.of(Role.TASK, 2, 0, Recycling.NONE);

    private void reload(int generation) {
        app.hear(new Event.Reload(app.now(), generation, ""));
    }

    @Test
    void theNewProcessIsReadyBeforeTheOldOneIsToldToFinishOneSlotAfterTheOther() {
        app.settle();
        reload(2);
        assertThat(app.last(Effect.Spawn.class)).isEqualTo(new Effect.Spawn(0, 3, 2));
        assertThat(app.all(Effect.SendStop.class)).isEmpty();
        app.boot(3);
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 3));
        assertThat(app.last(Effect.SendStop.class).life()).isOne();
        app.takeUp();
        assertThat(app.heir(1))
                .as("the next slot waits for the end of the old process")
                .isZero();
        app.exit(1, 0, 0, 4);
        assertThat(app.heir(1)).isEqualTo(4);
        app.boot(4);
        app.exit(2, 0, 0, 4);
        assertThat(app.last(Effect.ReloadEnded.class)).isEqualTo(new Effect.ReloadEnded(2, -1, 0, ""));
        assertThat(app.state().generation()).isEqualTo(2);
    }

    @Test
    void whatAScalingHasAddedMeanwhileGetsTheNewCodeToo() {
        app.settle();
        reload(2);
        app.boot(3);
        app.takeUp();
        app.hear(new Event.Specified(
                app.now(), new ChildSpec(2, Role.TASK, "group#2", "group", false, Traits.of(RestartPolicy.ALWAYS))));
        app.hear(new Event.Scaled(app.now(), "group", 3));
        app.settle();
        app.exit(1, 0, 0, 4);
        for (int i = 0; i < 6 && app.state().reload() != null; i++) {
            app.pass(Duration.ofSeconds(1));
            app.settle();
            for (Slot slot : app.state().slots()) {
                slot.leaving().forEach(life -> app.exit(life.number(), 0, 0, 4));
            }
        }
        assertThat(app.last(Effect.ReloadEnded.class)).isEqualTo(new Effect.ReloadEnded(2, -1, 0, ""));
        assertThat(app.state().slots()).allSatisfy(slot -> {
            assertThat(slot.generation()).as(slot.spec().name()).isEqualTo(2);
            assertThat(slot.state()).isEqualTo(SlotState.RUNNING);
        });
    }

    @Test
    void anExclusiveSlotHasOneProcessAtWorkAtATime() {
        app = History.of(Role.USER, 1, 0, Recycling.NONE);
        app.settle();
        reload(2);
        app.boot(2);
        assertThat(app.last(Effect.SendStop.class).life()).isOne();
        assertThat(app.last(Effect.Activate.class).life()).as("not yet").isOne();
        app.exit(1, 0, 0, 4);
        assertThat(app.last(Effect.Activate.class)).isEqualTo(new Effect.Activate(0, 2));
    }

    @Test
    void theFirstFailureUndoesEverythingAlsoWhatHadSucceeded() {
        app.settle();
        reload(2);
        app.boot(3);
        app.takeUp();
        app.exit(1, 0, 0, 4);
        app.hear(new Event.Spawned(app.now(), 4, 104));
        app.exit(4, 65, 0, 0);
        assertThat(app.present(1)).as("the old one goes on").isEqualTo(2);
        app.pass(Duration.ofSeconds(1));
        assertThat(app.last(Effect.Spawn.class)).as("back again").isEqualTo(new Effect.Spawn(0, 5, 1));
        app.boot(5);
        app.exit(3, 0, 0, 1);
        Effect.ReloadEnded end = app.last(Effect.ReloadEnded.class);
        assertThat(end.text()).startsWith("group#1 did not become ready with the new code: BOOT_FAIL");
        assertThat(end.failed()).isOne();
        assertThat(end.pid())
                .as("of the one that failed, not of the one that goes on")
                .isEqualTo(104);
        assertThat(app.state().generation()).isOne();
        assertThat(app.slot(0).generation()).isOne();
    }

    @Test
    void aNewProcessThatFollowsADeadOneHasToComeUpToo() {
        app.settle();
        reload(2);
        app.hear(new Event.Spawned(app.now(), 3, 103));
        app.exit(1, -1, 9, 4);
        assertThat(app.present(0)).as("it has the place, and boots").isEqualTo(3);
        app.pass(Duration.ofSeconds(1));
        assertThat(app.heir(1)).as("the next slot waits for it").isZero();
        app.exit(3, 65, 0, 0);
        assertThat(app.last(Effect.Spawn.class)).as("the old code at once").isEqualTo(new Effect.Spawn(0, 4, 1));
        Effect.ReloadEnded end = app.last(Effect.ReloadEnded.class);
        assertThat(end.text()).startsWith("group#0 did not become ready with the new code: BOOT_FAIL");
        assertThat(end.pid()).isEqualTo(103);
        assertThat(app.state().generation()).isOne();
    }

    @Test
    void oneThatFollowsADeadOneAndComesUpIsAsGoodAsAny() {
        app.settle();
        reload(2);
        app.hear(new Event.Spawned(app.now(), 3, 103));
        app.exit(1, -1, 9, 4);
        app.hear(new Event.Greeted(app.now(), 3));
        app.hear(new Event.BecameReady(app.now(), 3));
        app.takeUp();
        assertThat(app.heir(1)).isEqualTo(4);
        app.boot(4);
        app.exit(2, 0, 0, 4);
        assertThat(app.last(Effect.ReloadEnded.class)).isEqualTo(new Effect.ReloadEnded(2, -1, 0, ""));
    }

    @Test
    void oneThatFollowsADeadOneAndCannotBeSpawnedIsAFailure() {
        app.settle();
        reload(2);
        app.exit(1, -1, 9, 4);
        app.hear(new Event.SpawnFailed(app.now(), 3, "no memory"));
        assertThat(app.last(Effect.ReloadEnded.class).text()).contains("cannot be spawned: no memory");
        assertThat(app.last(Effect.Spawn.class)).isEqualTo(new Effect.Spawn(0, 4, 1));
    }

    @Test
    void oneThatAnOperatorEndsWhileItBootsIsNoFailure() {
        app.settle();
        reload(2);
        app.hear(new Event.Spawned(app.now(), 3, 103));
        app.exit(1, -1, 9, 4);
        app.hear(new Event.KillSlot(app.now(), 0));
        app.exit(3, -1, 9, 0);
        assertThat(app.all(Effect.ReloadEnded.class)).isEmpty();
        assertThat(app.last(Effect.Spawn.class)).isEqualTo(new Effect.Spawn(0, 4, 2));
        app.hear(new Event.StopSlot(app.now(), 0));
        app.exit(4, -1, 9, 0);
        app.pass(Duration.ofSeconds(3));
        assertThat(app.heir(1)).as("a stopped slot is no reason to wait").isEqualTo(5);
    }

    @Test
    void aProcessThatSurvivesItsKillIsAFailureToo() {
        app.settle();
        reload(2);
        app.hear(new Event.Spawned(app.now(), 3, 103));
        app.hear(new Event.Greeted(app.now(), 3));
        app.pass(Duration.ofSeconds(90));
        assertThat(app.last(Effect.ReloadEnded.class).text())
                .isEqualTo("group#0 did not become ready with the new code: SIGKILL has no effect on it");
        assertThat(app.all(Effect.Spawn.class)).hasSize(3);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
    }

    @Test
    void aProcessThatHangsWhileItBootsIsAFailureToo() {
        app.settle();
        reload(2);
        app.hear(new Event.Spawned(app.now(), 3, 103));
        app.hear(new Event.Greeted(app.now(), 3));
        app.pass(Duration.ofSeconds(61));
        app.exit(3, -1, 9, 0);
        assertThat(app.last(Effect.ReloadEnded.class).text()).contains("not ready within");
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
    }

    @Test
    void aSecondReloadDuringTheFirstIsRefusedAndAStopWins() {
        app.settle();
        reload(2);
        reload(3);
        assertThat(app.last(Effect.ReloadEnded.class))
                .isEqualTo(new Effect.ReloadEnded(3, -1, 0, "another reload is under way"));
        app.hear(new Event.StopAll(app.now(), false));
        assertThat(app.last(Effect.ReloadEnded.class).text()).contains("stopped");
        app.hear(new Event.Spawned(app.now(), 3, 103));
        assertThat(app.last(Effect.Kill.class).life()).isEqualTo(3);
    }

    @Test
    void whatIsNotReloadableIsSparedAndARestartByHandGivesItTheNewCode() {
        Traits fixed = new Traits(RestartPolicy.ALWAYS, false, false, Recycling.NONE);
        app = History.of(
                ChildSpec.of(0, Role.TASK, "plain", RestartPolicy.ALWAYS),
                new ChildSpec(1, Role.USER, "fixed", "fixed", false, fixed));
        app.settle();
        reload(2);
        app.boot(3);
        app.exit(1, 0, 0, 4);
        assertThat(app.last(Effect.ReloadEnded.class).text()).isEmpty();
        assertThat(app.present(1)).isEqualTo(2);
        app.exit(2, -1, 9, 3);
        assertThat(app.last(Effect.Spawn.class).generation())
                .as("after a crash")
                .isOne();
        app.settle();
        app.hear(new Event.RestartSlot(app.now(), 1));
        app.exit(app.present(1), 0, 0, 3);
        app.pass(Duration.ofSeconds(1));
        assertThat(app.last(Effect.Spawn.class).generation()).as("by hand").isEqualTo(2);
    }

    @Test
    void sparesFollowAndAnOldOneDoesNotTakeOverNewCode() {
        app = History.of(Role.TASK, 1, 1, Recycling.NONE);
        app.settle();
        reload(2);
        app.boot(3);
        app.takeUp();
        app.exit(1, 0, 0, 4);
        assertThat(app.last(Effect.ReloadEnded.class).text()).isEmpty();
        assertThat(app.last(Effect.SendStop.class).life())
                .as("the old spare ends")
                .isEqualTo(2);
        app.observe(3, 1, 0, 9);
        app.hear(new Event.Died(app.now(), 3));
        assertThat(app.last(Effect.Activate.class).life())
                .as("it does not take over")
                .isEqualTo(3);
        app.exit(2, 0, 0, 0);
        assertThat(app.last(Effect.Spawn.class)).isEqualTo(new Effect.Spawn(1, 4, 2));
    }
}
