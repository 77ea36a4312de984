package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Walks the supervisor through random histories. A failure names its seed: give it as `muster.simulation.seed` to see
/// it again.
class SimulationTest {
    private static final long SEED = Long.getLong("muster.simulation.seed", 20_261_101L);
    private static final int EVENTS = Integer.getInteger("muster.simulation.events", 1_200_000);
    private static final int LONGEST_WALK = 20_000;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void randomHistoriesBreakNoPromise() {
        long events = 0;
        long walks = 0;
        long condemned = 0;
        long spared = 0;
        long reloads = 0;
        long undone = 0;
        Set<Class<?>> effects = new HashSet<>();
        while (events < EVENTS) {
            long seed = SEED + walks++;
            try {
                SimulatedWorld world = new SimulatedWorld(seed);
                events += world.walk(LONGEST_WALK);
                if (walks % 2 == 0) {
                    world.calmDown();
                }
                world.stopAndEnd();
                condemned += world.condemned();
                spared += world.spared();
                reloads += world.reloads();
                undone += world.undone();
                effects.addAll(world.effectsSeen());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(condemned).as("condemnations in %d walks", walks).isPositive();
        assertThat(spared).as("of them for the sake of other tasks").isPositive();
        assertThat(undone).as("undone reloads of %d", reloads).isPositive().isLessThan(reloads);
        assertThat(effects).as("effects").hasSize(Effect.class.getPermittedSubclasses().length);
    }
}
