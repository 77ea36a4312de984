package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.control.Message.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of the other tasks of a process in which one task is over its limit, or was interrupted.
@Timeout(10)
class SiblingsTest {
    private static final Duration DRAIN = Duration.ofNanos(History.LIMITS.drain());

    private final History app = History.of(Role.TASK, 1, 0, Recycling.NONE);
    private long beat = 1;

    private void settled() {
        app.settle();
        see(0, 3);
        app.forget();
    }

    private void see(long deadline, int timely) {
        app.observe(1, beat++, deadline, 5, timely);
    }

    private int kills() {
        return app.all(Effect.Kill.class).size();
    }

    private SlotState stateOfTheGuiltyOne() {
        Life life = app.state().life(1);
        return life == null ? SlotState.STOPPED : life.state();
    }

    /// Its task is over its limit, and its evidence is taken.
    private void condemned(int timely) {
        settled();
        see(app.now(), timely);
        app.hear(new Event.EvidenceTaken(app.now(), 1));
    }

    @Nested
    class OfAGuiltyTask {
        @Test
        void theyMayEndBeforeTheKillAndNothingNewBegins() {
            condemned(3);
            assertThat(app.all(Effect.SendPause.class)).containsExactly(new Effect.SendPause(1));
            assertThat(app.all(Effect.Spawn.class))
                    .as("another one works meanwhile")
                    .hasSize(1);
            assertThat(stateOfTheGuiltyOne()).isEqualTo(SlotState.DRAINING);
            app.pass(Duration.ofSeconds(5));
            see(app.now() - 1, 1);
            assertThat(kills()).as("one is still at work").isZero();

            see(app.now() - 1, 0);

            assertThat(kills()).isOne();
            app.exit(1, -1, 9, 5);
            Effect.Bury death = app.last(Effect.Bury.class);
            assertThat(death.reason()).isEqualTo(ExitReason.STUCK);
            assertThat(death.verdict()).isEqualTo(Verdict.DEADLINE);
            assertThat(death.guilty()).isEqualTo("t");
        }

        @Test
        void theyHaveTheTimeOfADrainFromTheVerdictOn() {
            condemned(2);
            long until = app.now() + DRAIN.toNanos();
            while (app.now() + History.LIMITS.tick() < until) {
                app.tick();
                see(0, 2);
                assertThat(kills()).isZero();
            }
            app.tick();
            assertThat(kills()).isOne();
        }

        @Test
        void withoutAnyTheKillFollowsTheEvidence() {
            condemned(0);
            assertThat(kills()).isOne();
            assertThat(app.all(Effect.SendPause.class)).isEmpty();
        }

        @Test
        void evidenceThatNeverComesHoldsOnlyTheKillUp() {
            settled();
            see(app.now(), 1);
            app.pass(Duration.ofSeconds(4));
            assertThat(stateOfTheGuiltyOne()).isEqualTo(SlotState.DRAINING);
            assertThat(kills()).isZero();
            see(0, 0);
            assertThat(kills()).isOne();
        }

        @Test
        void aSecondTaskOverItsLimitIsNoSecondVerdict() {
            condemned(2);
            app.pass(Duration.ofSeconds(1));
            see(app.now() - 1, 1);
            assertThat(app.all(Effect.TakeEvidence.class)).hasSize(1);
            assertThat(stateOfTheGuiltyOne()).isEqualTo(SlotState.DRAINING);
        }

        @Test
        void inAProcessThatDoesNotBeatNobodyIsWaitedFor() {
            condemned(2);
            for (int i = 0; i <= History.LIMITS.silentObservations(); i++) {
                app.tick();
                app.observe(1, beat, 0, 5, 2);
            }
            assertThat(kills()).isOne();
        }

        @Test
        void anOrderToKillIsNotDelayed() {
            condemned(2);
            app.hear(new Event.StopAll(app.now(), true));
            assertThat(kills()).isOne();
        }

        @Test
        void aHookThatIsSilentHasNoGuiltyTaskAndWhatItHoldsPays() {
            settled();
            app.hear(new Event.Observed(app.now(), 1, beat, app.now(), "", false, 0, 5, 1));
            app.hear(new Event.EvidenceTaken(app.now(), 1));
            assertThat(kills()).as("what it holds is not waited for").isOne();
            app.exit(1, -1, 9, 5);
            assertThat(app.last(Effect.Bury.class).reason()).isEqualTo(ExitReason.STUCK);
            assertThat(app.last(Effect.Bury.class).verdict()).isEqualTo(Verdict.CRASH);
        }
    }

    @Nested
    class OfAnInterruptedTask {
        private void retiring() {
            settled();
            app.hear(new Event.Retiring(app.now(), 1, "task t was interrupted"));
        }

        @Test
        void anotherProcessWorksAtOnceAndTheWorkerEndsByItsOwnWill() {
            retiring();
            assertThat(app.all(Effect.Spawn.class))
                    .extracting(Effect.Spawn::life)
                    .containsExactly(2);
            assertThat(app.all(Effect.SendStop.class)).isEmpty();
            assertThat(stateOfTheGuiltyOne()).isEqualTo(SlotState.DRAINING);
            app.hear(new Event.SaidBye(app.now(), 1, ExitReason.RECYCLE, "task t was interrupted", false));
            app.exit(1, 0, 0, 5);
            Effect.Bury death = app.last(Effect.Bury.class);
            assertThat(death.reason()).isEqualTo(ExitReason.RECYCLE);
            assertThat(death.verdict()).isEqualTo(Verdict.ORDERED);
            assertThat(app.all(Effect.Spawn.class)).hasSize(1);
        }

        @Test
        void itsWorkMayTakeAsLongAsItsLimitsSay() {
            retiring();
            long limit = app.now() + 3 * DRAIN.toNanos();
            while (app.now() + 2 * History.LIMITS.tick() < limit) {
                app.tick();
                see(limit, 2);
            }
            assertThat(app.all(Effect.Terminate.class)).isEmpty();
            see(0, 0);
            app.pass(DRAIN.plusSeconds(1));
            app.pass(DRAIN);
            assertThat(app.all(Effect.Terminate.class)).as("but not for ever").hasSize(1);
        }

        @Test
        void itsHardLimitHolds() {
            retiring();
            see(app.now(), 0);
            assertThat(app.last(Effect.TakeEvidence.class).why().guilty()).isEqualTo("t");
        }

        @Test
        void anOrderToEndItHasTheUsualTime() {
            retiring();
            see(app.now() + 10 * DRAIN.toNanos(), 1);
            app.hear(new Event.StopAll(app.now(), false));
            assertThat(app.all(Effect.SendStop.class))
                    .extracting(Effect.SendStop::life)
                    .contains(1);
            app.pass(DRAIN);
            assertThat(app.all(Effect.Terminate.class))
                    .extracting(Effect.Terminate::life)
                    .contains(1);
        }
    }
}
