package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;

/// Everything on which the supervisor's decisions rest. Immutable; the next state comes from [Supervisor#decide].
///
/// @param limits the time limits
/// @param phase of the application
/// @param now the instant of the last event
/// @param slots all slots; the position is the slot number
/// @param budget for spawning
/// @param seed of the jitter
/// @param stopBy when a stop of the application ends in SIGKILL for all, 0 if none was ordered
/// @param noVerdictBefore until then nobody is condemned for a deadline, because the master itself was late
/// @param everReady whether any process was ever ready
record SupervisorState(
        Limits limits,
        Phase phase,
        long now,
        List<Slot> slots,
        SpawnBudget budget,
        long seed,
        long stopBy,
        long noVerdictBefore,
        boolean everReady) {

    /// Of the application.
    enum Phase {
        /// Nothing was started yet.
        NEW,
        /// Slots are kept filled.
        RUNNING,
        /// Everything is to end.
        STOPPING,
        /// Everything has ended.
        ENDED
    }

    SupervisorState {
        slots = List.copyOf(slots);
    }

    static SupervisorState of(Limits limits, List<ChildSpec> specs, int processors, long seed, long now) {
        List<Slot> slots = new ArrayList<>(specs.size());
        for (ChildSpec spec : specs) {
            if (spec.slot() != slots.size()) {
                throw new IllegalArgumentException(
                        "slot " + spec.slot() + " stands at position " + slots.size() + " of the list of slots");
            }
            slots.add(Slot.empty(spec));
        }
        return new SupervisorState(
                limits, Phase.NEW, now, slots, SpawnBudget.full(specs.size(), processors, now), seed, 0, now, false);
    }

    /// The next instant at which something is due even if nothing happens; at most one tick away.
    long nextWake() {
        long wake = now + limits.tick();
        for (Slot slot : slots) {
            if (slot.deadline() != 0) {
                wake = Math.min(wake, slot.deadline());
            }
            long work = slot.life().pulse().workDeadline();
            if (work != 0 && slot.state().live()) {
                wake = Math.min(wake, Math.max(work, noVerdictBefore));
            }
        }
        return wake;
    }
}
