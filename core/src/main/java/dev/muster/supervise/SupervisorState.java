package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
/// @param lives how many processes there were so far; the number of the last one
/// @param generation of the code that the application runs, from 1
/// @param reload the reload that is under way, null if none is
record SupervisorState(
        Limits limits,
        Phase phase,
        long now,
        List<Slot> slots,
        SpawnBudget budget,
        long seed,
        long stopBy,
        long noVerdictBefore,
        boolean everReady,
        int lives,
        int generation,
        @Nullable Reload reload) {

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
            slots.add(Slot.empty(spec, 1));
        }
        SpawnBudget budget = SpawnBudget.full(specs.size(), processors, now);
        return new SupervisorState(limits, Phase.NEW, now, slots, budget, seed, 0, now, false, 0, 1, null);
    }

    /// The process with this number, null if it is gone.
    @Nullable
    Life life(int number) {
        for (Slot slot : slots) {
            Life life = slot.life(number);
            if (life != null) {
                return life;
            }
        }
        return null;
    }

    /// The next instant at which something is due even if nothing happens; at most one tick away.
    long nextWake() {
        long wake = now + limits.tick();
        for (Slot slot : slots) {
            Life present = slot.present();
            if (present == null) {
                wake = earlier(wake, slot.rest().deadline());
            } else {
                wake = due(wake, present);
            }
            Life heir = slot.heir();
            if (heir != null) {
                wake = due(wake, heir);
            }
            for (Life life : slot.leaving()) {
                wake = due(wake, life);
            }
        }
        return wake;
    }

    private long due(long wake, Life life) {
        long first = earlier(wake, life.deadline());
        long work = life.pulse().workDeadline();
        return work == 0 ? first : Math.min(first, Math.max(work, noVerdictBefore));
    }

    private static long earlier(long wake, long deadline) {
        return deadline == 0 ? wake : Math.min(wake, deadline);
    }
}
