package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One promise of the supervisor each, told as a short history.
@Timeout(10)
class SupervisorTest {
    private static final long MS = 1_000_000L;
    private static final Limits LIMITS =
            Limits.of(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));

    private long now = 5_000 * MS;
    private final List<Effect> effects = new ArrayList<>();
    private SupervisorState state = app(RestartPolicy.ALWAYS, Role.USER);

    private SupervisorState app(RestartPolicy policy, Role... roles) {
        List<ChildSpec> specs = new ArrayList<>();
        for (Role role : roles) {
            specs.add(ChildSpec.of(specs.size(), role, role.word() + specs.size(), policy));
        }
        return SupervisorState.of(LIMITS, specs, 2, 7, now);
    }

    private void hear(Event event) {
        Decision decision = Supervisor.decide(state, event);
        state = decision.state();
        effects.addAll(decision.effects());
    }

    /// Lets time pass as the loop does: with an event each tick.
    private void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            now = Math.min(end, now + LIMITS.tick());
            hear(new Event.Tick(now));
        }
    }

    private void boot(int slot) {
        int life = life(slot);
        makeReady(life);
        hear(new Event.TookUp(now, life));
        assertThat(stateOf(slot)).isEqualTo(SlotState.RUNNING);
    }

    /// A process becomes ready; its pid is its number and a hundred.
    private void makeReady(int life) {
        hear(new Event.Spawned(now, life, 100 + life));
        hear(new Event.Greeted(now, life));
        hear(new Event.BecameReady(now, life));
    }

    private int life(int slot) {
        Life present = state.slots().get(slot).present();
        return present == null ? 0 : present.number();
    }

    private void exit(int slot, int code, int signal, long units) {
        hear(new Event.Exited(now, life(slot), code, signal, units, false));
    }

    private void observe(int slot, long beat, long deadline, String task) {
        hear(new Event.Observed(now, life(slot), beat, deadline, task, false, 0, 1, 0));
    }

    private SlotState stateOf(int slot) {
        return state.slots().get(slot).state();
    }

    private <E extends Effect> E last(Class<E> type) {
        return effects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList()
                .getLast();
    }

    private <E extends Effect> long count(Class<E> type) {
        return effects.stream().filter(type::isInstance).count();
    }

    @Nested
    class Hangs {
        @Test
        void workOverItsDeadlineLeadsToEvidenceThenSigkillThenANewProcess() {
            hear(new Event.Started(now));
            boot(0);
            long deadline = now + 1_000 * MS;
            observe(0, 1, deadline, "t1");
            assertThat(state.nextWake())
                    .as("the timer stands at the deadline, not at a scan")
                    .isLessThanOrEqualTo(deadline);
            now += 200 * MS;
            observe(0, 2, deadline, "t1");
            pass(Duration.ofMillis(800));
            assertThat(last(Effect.Inspect.class).life()).isOne();
            observe(0, 3, deadline, "t1");
            assertThat(last(Effect.TakeEvidence.class).why().guilty()).isEqualTo("t1");
            assertThat(count(Effect.Kill.class)).isZero();
            hear(new Event.EvidenceTaken(now, 1));
            assertThat(last(Effect.Kill.class).pid()).isEqualTo(101);
            exit(0, -1, 9, 5);
            Effect.Bury death = last(Effect.Bury.class);
            assertThat(death.reason()).isEqualTo(ExitReason.STUCK);
            assertThat(death.kind()).isEqualTo("deadline");
            assertThat(death.verdict()).isEqualTo(Verdict.DEADLINE);
            assertThat(last(Effect.Spawn.class).life()).isEqualTo(2);
        }

        @Test
        void workThatHasEndedMeanwhileIsNotPunished() {
            hear(new Event.Started(now));
            boot(0);
            observe(0, 1, now + 100 * MS, "t1");
            now += 100 * MS;
            hear(new Event.Tick(now));
            observe(0, 2, now + 5_000 * MS, "t2");
            pass(Duration.ofSeconds(1));
            assertThat(count(Effect.TakeEvidence.class)).isZero();
        }

        @Test
        void evidenceThatNeverComesDelaysTheKillBy500MsAtMost() {
            hear(new Event.Started(now));
            boot(0);
            observe(0, 1, now, "t1");
            assertThat(stateOf(0)).isEqualTo(SlotState.STUCK);
            pass(Duration.ofMillis(500));
            assertThat(stateOf(0)).isEqualTo(SlotState.KILLING);
        }

        @Test
        void silenceIsCountedInObservationsAndPassesThroughSuspect() {
            hear(new Event.Started(now));
            boot(0);
            for (int i = 0; i <= 20; i++) {
                now += LIMITS.tick();
                observe(0, 7, 0, "");
            }
            assertThat(stateOf(0)).isEqualTo(SlotState.SUSPECT);
            observe(0, 8, 0, "");
            assertThat(stateOf(0)).isEqualTo(SlotState.RUNNING);
            for (int i = 0; i < 40; i++) {
                now += LIMITS.tick();
                observe(0, 8, 0, "");
            }
            assertThat(last(Effect.TakeEvidence.class).why().kind()).isEqualTo(Condemnation.Kind.SILENT);
        }

        @Test
        void aMasterThatWasFrozenItselfCondemnsNobody() {
            hear(new Event.Started(now));
            boot(0);
            observe(0, 1, now + 1_000 * MS, "t1");
            now += Duration.ofSeconds(16).toNanos();
            hear(new Event.Tick(now));
            observe(0, 1, now - 15_000 * MS, "t1");
            assertThat(stateOf(0)).isEqualTo(SlotState.RUNNING);
            pass(Duration.ofSeconds(10));
            observe(0, 2, now - 25_000 * MS, "t1");
            assertThat(count(Effect.TakeEvidence.class)).isZero();
            pass(Duration.ofSeconds(7));
            observe(0, 3, now - 32_000 * MS, "t1");
            assertThat(count(Effect.TakeEvidence.class)).as("but not for ever").isOne();
        }

        @Test
        void aKillWithoutEffectBecomesAnAlarmAndIsRepeatedAndTheSlotGoesOn() {
            hear(new Event.Started(now));
            boot(0);
            hear(new Event.KillSlot(now, 0));
            pass(Duration.ofSeconds(6));
            assertThat(state.slots().get(0).leaving().getFirst().state()).isEqualTo(SlotState.UNKILLABLE);
            assertThat(stateOf(0)).as("its slot goes on without it").isEqualTo(SlotState.SPAWNING);
            assertThat(effects)
                    .contains(new Effect.Tell(
                            Effect.Level.ALARM,
                            0,
                            "pid 101 still exists 5000 ms after SIGKILL: the kernel holds it (state D?); trying on"));
            assertThat(count(Effect.Kill.class)).isGreaterThan(1);
            hear(new Event.Exited(now, 1, -1, 9, 0, false));
            assertThat(last(Effect.Bury.class).reason()).isEqualTo(ExitReason.REQUESTED);
        }
    }

    @Nested
    class Restarts {
        @Test
        void aDeathAfterFinishedWorkIsReplacedAtOnce() {
            hear(new Event.Started(now));
            boot(0);
            exit(0, -1, 9, 3);
            assertThat(stateOf(0)).isEqualTo(SlotState.SPAWNING);
            assertThat(last(Effect.Bury.class).verdict()).isEqualTo(Verdict.CRASH);
        }

        @Test
        void deathsWithoutWorkBackOffAndEndInQuarantineAndTheSlotRecovers() {
            hear(new Event.Started(now));
            for (int death = 1; death <= 5; death++) {
                boot(0);
                now += 100 * MS;
                exit(0, 1, 0, 0);
                if (death < 5) {
                    assertThat(stateOf(0)).isEqualTo(SlotState.BACKOFF);
                    for (int tick = 0; tick < 20 && stateOf(0) == SlotState.BACKOFF; tick++) {
                        pass(Duration.ofMillis(250));
                    }
                }
            }
            assertThat(stateOf(0)).isEqualTo(SlotState.QUARANTINE);
            pass(Duration.ofSeconds(31));
            assertThat(stateOf(0)).isEqualTo(SlotState.SPAWNING);
            boot(0);
            pass(Duration.ofMinutes(3));
            exit(0, 1, 0, 0);
            assertThat(state.slots().get(0).history().quarantined()).isFalse();
        }

        @Test
        void threeFailedBootsEndAnApplicationInWhichNothingWasEverReady() {
            hear(new Event.Started(now));
            for (int i = 0; i < 3; i++) {
                int life = life(0);
                hear(new Event.Spawned(now, life, 100 + i));
                hear(new Event.Greeted(now, life));
                hear(new Event.SaidBye(now, life, ExitReason.BOOT_FAIL, "IllegalStateException", false));
                exit(0, 65, 0, 0);
                pass(Duration.ofSeconds(1));
            }
            assertThat(last(Effect.Leave.class).code()).isEqualTo(ExitCode.NOTHING_BOOTED);
        }

        @Test
        void aCleanEndFollowsThePolicy() {
            state = app(RestartPolicy.ON_FAILURE, Role.USER, Role.USER);
            hear(new Event.Started(now));
            boot(0);
            boot(1);
            exit(0, 0, 0, 4);
            exit(1, 1, 0, 4);
            assertThat(stateOf(0)).isEqualTo(SlotState.STOPPED);
            assertThat(stateOf(1)).isEqualTo(SlotState.SPAWNING);
        }

        @Test
        void spawningAfterTheFirstBurstIsRationed() {
            state = app(RestartPolicy.ALWAYS, Role.USER, Role.USER, Role.USER, Role.USER);
            hear(new Event.Started(now));
            for (int i = 0; i < 4; i++) {
                boot(i);
            }
            for (int i = 0; i < 4; i++) {
                exit(i, -1, 9, 1);
            }
            assertThat(count(Effect.Spawn.class)).as("one burst of all slots").isEqualTo(8);
            for (int i = 0; i < 4; i++) {
                boot(i);
                exit(i, -1, 9, 1);
            }
            assertThat(count(Effect.Spawn.class)).isEqualTo(8);
            pass(Duration.ofSeconds(1));
            assertThat(count(Effect.Spawn.class)).isEqualTo(10);
            pass(Duration.ofSeconds(1));
            assertThat(count(Effect.Spawn.class)).isEqualTo(12);
        }

        @Test
        void exitCodesThatLookLikeOursAreOrdinaryErrorsWithoutLastWords() {
            hear(new Event.Started(now));
            boot(0);
            exit(0, 70, 0, 1);
            assertThat(last(Effect.Bury.class).reason()).isEqualTo(ExitReason.ERROR);
        }
    }

    @Nested
    class Stops {
        @Test
        void anOrderedStopDrainsThenTerminatesThenKills() {
            hear(new Event.Started(now));
            boot(0);
            hear(new Event.StopSlot(now, 0));
            assertThat(last(Effect.SendStop.class).life()).isOne();
            pass(Duration.ofSeconds(30));
            assertThat(last(Effect.Terminate.class).pid()).isEqualTo(101);
            pass(Duration.ofSeconds(5));
            assertThat(last(Effect.Kill.class).pid()).isEqualTo(101);
            exit(0, -1, 9, 0);
            assertThat(stateOf(0)).isEqualTo(SlotState.STOPPED);
            assertThat(last(Effect.Bury.class).reason()).isEqualTo(ExitReason.REQUESTED);
            assertThat(last(Effect.Bury.class).verdict()).isEqualTo(Verdict.ORDERED);
        }

        @Test
        void theApplicationStopsRoleAfterRoleProducersFirst() {
            state = app(RestartPolicy.ALWAYS, Role.TASK, Role.POOL, Role.USER);
            hear(new Event.Started(now));
            for (int i = 0; i < 3; i++) {
                boot(i);
            }
            hear(new Event.StopAll(now, false));
            assertThat(stateOf(2)).isEqualTo(SlotState.DRAINING);
            assertThat(stateOf(1)).isEqualTo(SlotState.RUNNING);
            exit(2, 0, 0, 1);
            assertThat(stateOf(1)).isEqualTo(SlotState.DRAINING);
            exit(1, 0, 0, 1);
            exit(0, 0, 0, 1);
            assertThat(last(Effect.Leave.class).code()).isEqualTo(ExitCode.DONE);
        }

        @Test
        void aStopOfASlotWhoseProcessIsBeingSpawnedKillsItAsSoonAsItExists() {
            hear(new Event.Started(now));
            hear(new Event.StopSlot(now, 0));
            hear(new Event.Spawned(now, 1, 101));
            assertThat(last(Effect.Kill.class).pid()).isEqualTo(101);
        }

        @Test
        void aTermFromOutsideIsASignalAndTheSlotIsFilledAgain() {
            hear(new Event.Started(now));
            boot(0);
            hear(new Event.SaidBye(now, 1, ExitReason.SIGNAL, "15", false));
            exit(0, 0, 0, 1);
            assertThat(last(Effect.Bury.class).reason()).isEqualTo(ExitReason.SIGNAL);
            assertThat(stateOf(0)).isEqualTo(SlotState.SPAWNING);
        }
    }

    @Test
    void aWrittenHistoryReplaysWithTheSameDecisions() {
        SupervisorState beginning = state;
        List<String> lines = new ArrayList<>(List.of(Trace.beginning(state, 2)));
        List<Event> history = List.of(
                new Event.Started(now),
                new Event.Spawned(now + 1, 1, 101),
                new Event.Greeted(now + 2, 1),
                new Event.BecameReady(now + 3, 1),
                new Event.SaidBye(now + 4, 1, ExitReason.ERROR, "a b = c\n%", false),
                new Event.Exited(now + 5, 1, 1, 0, 0, false),
                new Event.Tick(now + 200 * MS));
        for (Event event : history) {
            lines.add(Trace.line(event));
            Decision decision = Supervisor.decide(state, event);
            state = decision.state();
            decision.effects().forEach(effect -> lines.add(Trace.line(effect)));
        }
        assertThat(Trace.begin(lines.getFirst())).isEqualTo(beginning);
        assertThat(TraceReplay.differences(lines)).isEmpty();
        lines.add(Trace.line(new Effect.Kill(1, 101)));
        assertThat(TraceReplay.differences(lines)).isNotEmpty();
    }
}
