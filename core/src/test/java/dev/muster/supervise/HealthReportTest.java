package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HealthReportTest {
    private static final long NOW = 5_000_000_000L;

    private static SupervisorState state(SupervisorState.Phase phase, Role role, SlotState... states) {
        List<ChildSpec> specs = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            specs.add(ChildSpec.of(i, role, "job#" + (i + 1), RestartPolicy.ALWAYS));
        }
        Limits limits = Limits.of(
                Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));
        SupervisorState empty = SupervisorState.of(limits, specs, 2, 7, NOW);
        List<Slot> slots = new ArrayList<>();
        for (Slot slot : empty.slots()) {
            slots.add(in(slot, states[slot.number()]));
        }
        return new SupervisorState(limits, phase, NOW, slots, empty.budget(), 7, 0, NOW, true, 0, 1, null);
    }

    private static Slot in(Slot slot, SlotState state) {
        return state.live()
                ? slot.present(Life.spawned(slot.number() + 1, 1, NOW).enter(state, NOW, 0))
                : slot.resting(state, NOW, 0);
    }

    private static Health running(SlotState... states) {
        return HealthReport.of(state(SupervisorState.Phase.RUNNING, Role.TASK, states), Set.of());
    }

    @Test
    void everythingUpIsOkAndReady() {
        assertThat(running(SlotState.RUNNING, SlotState.RUNNING)).isEqualTo(new Health(Status.OK, "", true, true, 1));
    }

    @Test
    void aReplacementUnderWayIsNoTrouble() {
        assertThat(running(SlotState.RUNNING, SlotState.BOOTING).status()).isEqualTo(Status.OK);
    }

    @Test
    void whatHasNeverBeenReadyKeepsTheWholeFromBeingReady() {
        SupervisorState state = state(
                SupervisorState.Phase.RUNNING, Role.TASK, SlotState.RUNNING, SlotState.BOOTING, SlotState.STARTING);

        Health health = HealthReport.of(state, Set.of(1, 2));

        assertThat(health)
                .isEqualTo(new Health(
                        Status.OK, "starting, not ready yet: job#2 BOOTING, job#3 STARTING", false, false, 1));
    }

    @Test
    void quarantineAndUnkillableDegradeAndAreNamed() {
        Health health = running(SlotState.RUNNING, SlotState.QUARANTINE, SlotState.UNKILLABLE, SlotState.RUNNING);

        assertThat(health.status()).isEqualTo(Status.DEGRADED);
        assertThat(health.ready()).isTrue();
        assertThat(health.reason()).isEqualTo("in trouble: job#2 QUARANTINE, job#3 UNKILLABLE");
    }

    @Test
    void aRoleOfWhichMoreThanHalfTakesNoTasksIsNotReady() {
        SupervisorState state = state(SupervisorState.Phase.RUNNING, Role.TASK, SlotState.RUNNING, SlotState.RUNNING);
        assertThat(HealthReport.of(stalled(state, 0), Set.of()))
                .isEqualTo(new Health(Status.DEGRADED, "idle although tasks are ready: job#1 RUNNING", true, true, 1));
        assertThat(HealthReport.of(stalled(stalled(state, 0), 1), Set.of()))
                .isEqualTo(new Health(
                        Status.DEGRADED,
                        "2 of 2 slots of the role task are in quarantine, or idle although tasks are ready; idle"
                                + " although tasks are ready: job#1 RUNNING, job#2 RUNNING",
                        true,
                        false,
                        1));
    }

    private static SupervisorState stalled(SupervisorState state, int number) {
        List<Slot> slots = new ArrayList<>(state.slots());
        Life life = Objects.requireNonNull(slots.get(number).present());
        slots.set(number, slots.get(number).present(life.stalled("none of 3 ready tasks")));
        return new SupervisorState(
                state.limits(), state.phase(), NOW, slots, state.budget(), 7, 0, NOW, true, 0, 1, null);
    }

    @Test
    void aSlotThatComesBackAfterAFailureDegrades() {
        for (SlotState way : List.of(SlotState.BACKOFF, SlotState.SPAWNING, SlotState.STARTING, SlotState.BOOTING)) {
            SupervisorState calm = state(SupervisorState.Phase.RUNNING, Role.TASK, way);
            assertThat(HealthReport.of(calm, Set.of()).status()).as("%s", way).isEqualTo(Status.OK);
            assertThat(HealthReport.of(failed(calm, 1), Set.of()).status())
                    .as("%s after a failure", way)
                    .isEqualTo(Status.DEGRADED);
        }
        SupervisorState recovered = failed(state(SupervisorState.Phase.RUNNING, Role.TASK, SlotState.RUNNING), 1);
        assertThat(HealthReport.of(recovered, Set.of()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aTryInQuarantineIsNoSuccessYet() {
        SupervisorState trying =
                failed(state(SupervisorState.Phase.RUNNING, Role.TASK, SlotState.BOOTING), Backoff.INTENSITY);
        assertThat(HealthReport.of(trying, Set.of()).ready()).isFalse();

        SupervisorState up =
                failed(state(SupervisorState.Phase.RUNNING, Role.TASK, SlotState.RUNNING), Backoff.INTENSITY);
        assertThat(HealthReport.of(up, Set.of()).ready()).isTrue();
    }

    private static SupervisorState failed(SupervisorState state, int failures) {
        List<Slot> slots = new ArrayList<>();
        for (Slot slot : state.slots()) {
            Slot failed = slot;
            for (int i = 0; i < failures; i++) {
                failed = failed.with(failed.history().failed(NOW));
            }
            slots.add(failed);
        }
        return new SupervisorState(
                state.limits(), state.phase(), NOW, slots, state.budget(), 7, 0, NOW, true, 0, 1, null);
    }

    @Test
    void aRoleOfWhichMoreThanHalfIsInQuarantineIsNotReady() {
        assertThat(running(SlotState.QUARANTINE, SlotState.RUNNING).ready()).isTrue();

        Health lost = running(SlotState.QUARANTINE, SlotState.QUARANTINE, SlotState.RUNNING, SlotState.STOPPED);

        assertThat(lost.ready()).isFalse();
        assertThat(lost.reason()).startsWith("2 of 3 slots of the role task are in quarantine");
    }

    @Test
    void aConsoleInQuarantineDoesNotKeepWorkAway() {
        SupervisorState state = state(SupervisorState.Phase.RUNNING, Role.CONSOLE, SlotState.QUARANTINE);

        Health health = HealthReport.of(state, Set.of());

        assertThat(health.ready()).isTrue();
        assertThat(health.status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void aStopIsNotReadyWhateverTheSlotsAre() {
        SupervisorState state = state(SupervisorState.Phase.STOPPING, Role.TASK, SlotState.RUNNING);

        Health health = HealthReport.of(state, Set.of());

        assertThat(health).isEqualTo(new Health(Status.STOPPING, "a stop was ordered", true, false, 1));
    }

    @Test
    void fewSlotsAreNamedAndTheRestIsCounted() {
        SlotState[] all = new SlotState[20];
        Arrays.fill(all, SlotState.QUARANTINE);

        assertThat(running(all).reason())
                .endsWith("in trouble: job#1 QUARANTINE, job#2 QUARANTINE, job#3 QUARANTINE and 17 more");
    }
}
