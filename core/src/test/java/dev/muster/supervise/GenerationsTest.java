package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.muster.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long the code of a generation is kept.
@Timeout(10)
class GenerationsTest {
    private final List<Integer> released = new ArrayList<>();
    private final Generations generations =
            new Generations(Shops.generation(1), generation -> released.add(generation.number()));
    private final History app = History.of(Role.POOL, 1, 0, Recycling.NONE);

    @Test
    void oneThatIsAboutToComeIsKeptThoughNothingUsesItYet() {
        generations.coming(Shops.generation(2));
        generations.prune(app.state());
        assertThat(generations.get(2).number()).isEqualTo(2);
        generations.settled();
        generations.prune(app.state());
        assertThat(released).containsExactly(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> generations.get(2))
                .withMessage("generation 2 is not loaded; there are [1]");
        assertThat(generations.next()).as("a number is never used again").isEqualTo(3);
    }

    @Test
    void oneIsKeptWhileAProcessRunsItOrASlotWouldBeFilledWithIt() {
        app.settle();
        generations.coming(Shops.generation(2));
        app.hear(new Event.Reload(app.now(), 2, ""));
        generations.settled();
        generations.prune(app.state());
        assertThat(released).as("the reload needs both").isEmpty();
        app.boot(2);
        app.takeUp();
        generations.prune(app.state());
        assertThat(released).as("the old process leaves").isEmpty();
        app.exit(1, 0, 0, 1);
        assertThat(app.state().generation()).isEqualTo(2);
        generations.prune(app.state());
        assertThat(released).containsExactly(1);
    }
}
