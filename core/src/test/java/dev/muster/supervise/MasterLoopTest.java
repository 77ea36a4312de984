package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.muster.Role;
import dev.muster.control.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the loop outlives.
@Timeout(30)
class MasterLoopTest {
    private final List<String> failures = new ArrayList<>();
    private final MasterLoop loop =
            new MasterLoop(History.of(Role.TASK, 1, 0, Recycling.NONE).state(), null);

    private static OutOfMemoryError noThread() {
        return new OutOfMemoryError("unable to create native thread");
    }

    @Test
    void aThreadThatCannotBeStartedCostsOneStepAndNotTheMaster() {
        MasterLoop.Hands hands = new MasterLoop.Hands() {
            private boolean looked;

            @Override
            public void perform(Effect effect) {
                if (effect instanceof Effect.Leave) {
                    failures.add("left");
                }
                throw noThread();
            }

            @Override
            public List<Event> look(SupervisorState state) {
                if (looked) {
                    return List.of();
                }
                looked = true;
                throw noThread();
            }

            @Override
            public void failed(Object what, Throwable why) {
                failures.add(what instanceof String ? what + ": " + why.getMessage() : why.getMessage());
            }
        };
        loop.afterTurn(_ -> {
            throw noThread();
        });
        loop.await(_ -> true, 1, _ -> {
            throw noThread();
        });
        loop.execute(() -> {
            throw noThread();
        });
        long now = System.nanoTime();
        loop.post(new Event.SpawnFailed(now, 1, "for want of a thread"));
        loop.post(new Event.StopAll(now, true));
        assertThatCode(() -> assertThat(loop.run(hands).code()).isEqualTo(ExitCode.DONE))
                .doesNotThrowAnyException();
        assertThat(failures)
                .contains(
                        "left",
                        "unable to create native thread",
                        "a look at the processes: unable to create native thread",
                        "the end of a turn: unable to create native thread",
                        "the end of a wait: unable to create native thread");
    }
}
