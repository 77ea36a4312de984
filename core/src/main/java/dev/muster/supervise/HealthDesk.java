package dev.muster.supervise;

import dev.muster.Health;
import dev.muster.Role;
import dev.muster.observe.HealthJson;
import java.util.HashSet;
import java.util.Set;

/// Knows which slots have been ready once, which the present state alone does not tell, and says how the application is
/// doing.
///
/// **Threads:** belongs to the master's loop. **Lifetime:** that of the master: a new one begins with "starting".
final class HealthDesk {
    private final String app;
    private final long startedNanos = System.nanoTime();
    private final Set<Integer> awaited = new HashSet<>();
    private boolean started;
    private Health health;

    HealthDesk(String app, SupervisorState beginning) {
        this.app = app;
        for (Slot slot : beginning.slots()) {
            // Without a console nobody can ask, but the application works.
            if (slot.spec().role() != Role.CONSOLE && !slot.spec().spare()) {
                awaited.add(slot.number());
            }
        }
        health = HealthReport.of(beginning, awaited);
    }

    /// Looks at the state that a turn of the loop has led to.
    void observe(SupervisorState state) {
        if (!started && state.phase() != SupervisorState.Phase.NEW) {
            for (Slot slot : state.slots()) {
                // Nothing is wanted in a stopped slot, so nobody waits for it.
                if (slot.history().everReady() || slot.stopped()) {
                    awaited.remove(slot.number());
                }
            }
            started = awaited.isEmpty();
        }
        health = HealthReport.of(state, awaited);
    }

    Health health() {
        return health;
    }

    /// Whether every slot has been ready once, or has shown that it will not be soon, and at least one process of
    /// the application was: what the end of a start means to whoever waits for it.
    boolean settled(SupervisorState state) {
        for (Slot slot : state.slots()) {
            if (awaited.contains(slot.number()) && slot.history().failures() == 0) {
                return false;
            }
        }
        return started || state.everReady();
    }

    /// For the command line.
    String json(SupervisorState state) {
        HealthJson json = new HealthJson();
        state.slots().forEach(slot -> json.slot(slot.spec().role(), slot.state().name()));
        return json.write(app, ProcessHandle.current().pid(), (System.nanoTime() - startedNanos) / 1_000_000, health);
    }
}
