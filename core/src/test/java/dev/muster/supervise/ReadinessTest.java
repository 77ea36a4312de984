package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When `muster ready`, and whoever waits for a start, is answered.
@Timeout(10)
class ReadinessTest {
    private History app = History.of(Role.TASK, 2, 1, Recycling.NONE);

    private boolean settled() {
        return CommandDesk.settled(app.state());
    }

    @Test
    void notBeforeTheStartWasOrdered() {
        ChildSpec spec = ChildSpec.of(0, Role.TASK, "task", RestartPolicy.ALWAYS);
        assertThat(CommandDesk.settled(SupervisorState.of(History.LIMITS, List.of(spec), 8, 7, 0)))
                .as("its slots are empty, and are not to stay so")
                .isFalse();
    }

    @Test
    void whenAllWorkAndTheSparesAreReady() {
        assertThat(settled()).isFalse();
        app.boot(1);
        app.boot(2);
        app.takeUp();
        assertThat(settled()).as("the spare boots").isFalse();
        app.boot(3);
        assertThat(settled()).isTrue();
    }

    @Test
    void notWhileOneIsReadyAndHasNotTakenUpItsWork() {
        app.boot(1);
        app.boot(2);
        app.boot(3);
        assertThat(settled()).isFalse();
        app.takeUp();
        assertThat(settled()).isTrue();
    }

    @Test
    void whenOneHasShownThatItWillNotBeSoonButAnotherIs() {
        app.exit(1, 1, 0, 0);
        app.boot(3);
        assertThat(settled()).isFalse();
        app.boot(2);
        app.takeUp();
        assertThat(settled()).isTrue();
    }

    @Test
    void whenNothingIsWantedAnyMore() {
        app.hear(new Event.StopAll(app.now(), true));
        app.exit(1, -1, 9, 0);
        app.exit(2, -1, 9, 0);
        app.exit(3, -1, 9, 0);
        assertThat(settled()).isTrue();
    }
}
