package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many processes a declaration has, and whether they work.
@Timeout(10)
class ScalingTest {
    private final History app = History.of(Role.POOL, 2, 0, Recycling.NONE);

    private void add(int slot) {
        Traits traits = Traits.of(RestartPolicy.ALWAYS);
        app.hear(new Event.Specified(
                app.now(), new ChildSpec(slot, Role.POOL, "group#" + slot, "group", false, traits)));
    }

    @Test
    void upFillsNewSlotsAndDownEmptiesThoseWithTheHighestNumbers() {
        app.settle();
        add(2);
        assertThat(app.stateOf(2)).as("made, not ordered").isEqualTo(SlotState.STOPPED);
        app.hear(new Event.Scaled(app.now(), "group", 3));
        app.settle();
        assertThat(app.stateOf(2)).isEqualTo(SlotState.RUNNING);
        app.hear(new Event.Scaled(app.now(), "group", 1));
        assertThat(app.all(Effect.SendStop.class))
                .extracting(Effect.SendStop::life)
                .containsExactly(2, 3);
        app.exit(2, 0, 0, 1);
        app.exit(3, 0, 0, 1);
        assertThat(app.stateOf(1)).isEqualTo(SlotState.STOPPED);
        assertThat(app.stateOf(2)).isEqualTo(SlotState.STOPPED);
        app.hear(new Event.Scaled(app.now(), "group", 2));
        app.settle();
        assertThat(app.stateOf(1)).as("its slot again").isEqualTo(SlotState.RUNNING);
    }

    @Test
    void upAgainWhileItStillGoesDown() {
        app.settle();
        app.hear(new Event.Scaled(app.now(), "group", 1));
        app.hear(new Event.Scaled(app.now(), "group", 2));
        app.exit(2, 0, 0, 1);
        app.settle();
        assertThat(app.stateOf(1)).isEqualTo(SlotState.RUNNING);
    }

    @Test
    void pausedProcessesStayAndRestAndSoDoTheirReplacements() {
        app.settle();
        app.hear(new Event.PauseSet(app.now(), "group", true));
        assertThat(app.all(Effect.SendPause.class)).hasSize(2);
        assertThat(app.stateOf(0)).as("it finishes its work first").isEqualTo(SlotState.RUNNING);
        app.hear(new Event.Quieted(app.now(), 1));
        assertThat(app.stateOf(0)).isEqualTo(SlotState.READY);
        app.exit(1, -1, 9, 3);
        app.settle();
        assertThat(app.present(0)).isEqualTo(3);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.READY);
        app.forget();
        app.hear(new Event.PauseSet(app.now(), "group", false));
        assertThat(app.all(Effect.Activate.class))
                .extracting(Effect.Activate::life)
                .containsExactly(3, 2);
        app.takeUp();
        assertThat(app.stateOf(0)).isEqualTo(SlotState.RUNNING);
    }
}
