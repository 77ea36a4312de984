package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.SupervisorState.Phase;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What must hold in a simulated world: after every event, and when the faults have ended.
final class SimulatedChecks {
    private final Map<Integer, SimulatedProcess> processes;
    private final Set<Integer> mayBeEmpty;
    private long spared;

    SimulatedChecks(Map<Integer, SimulatedProcess> processes, Set<Integer> mayBeEmpty) {
        this.processes = processes;
        this.mayBeEmpty = mayBeEmpty;
    }

    void afterEach(SupervisorState state, long now, Consumer<String> fail) {
        int known = 0;
        int population = 0;
        Map<Role, Integer> recycling = new EnumMap<>(Role.class);
        for (Slot slot : state.slots()) {
            Set<Integer> generations = new HashSet<>();
            for (Life life : slot.lives()) {
                known += exists(slot, life, now, fail) ? 1 : 0;
                population++;
                if (life.state() != SlotState.UNKILLABLE) {
                    generations.add(life.generation());
                }
            }
            if (generations.size() > 2) {
                fail.accept("three generations in a slot" + at(slot));
            }
            if (state.reload() == null && slot.heir() != null && slot.heir().hopeful()) {
                recycling.merge(slot.spec().role(), 1, Integer::sum);
            }
            empty(state, slot, now, fail);
        }
        if (known != processes.size()) {
            fail.accept("there are " + processes.size() + " processes, and " + known + " are known");
        }
        if (population > 2 * state.slots().size() + 4) {
            fail.accept("too many processes: " + population + " for "
                    + state.slots().size() + " slots");
        }
        recycling.forEach((role, heirs) -> {
            if (heirs > 1) {
                fail.accept("two slots of the role " + role + " are recycled at the same time");
            }
        });
    }

    private boolean exists(Slot slot, Life life, long now, Consumer<String> fail) {
        SimulatedProcess process = processes.get(life.number());
        if (process == null) {
            fail.accept("the supervisor believes in a process that is not there" + at(slot));
            return false;
        }
        if (life.deadline() != 0 && life.deadline() <= now) {
            fail.accept("a limit is over and nothing happened" + at(slot));
        }
        switch (life.state()) {
            case STARTING, BOOTING, STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE -> {
                if (life.deadline() == 0 && !slot.spec().traits().debugged()) {
                    fail.accept("a passing state without an end" + at(slot));
                }
            }
            case SPAWNING -> {
                if (!process.spawnAsked) {
                    fail.accept("waits for a process that nobody asked for" + at(slot));
                }
            }
            case READY, RUNNING, SUSPECT -> {
                if (!process.ready) {
                    fail.accept("runs without being ready" + at(slot));
                }
            }
            case STOPPED, BACKOFF, QUARANTINE -> fail.accept("a process in the state of an empty slot" + at(slot));
        }
        return true;
    }

    private void empty(SupervisorState state, Slot slot, long now, Consumer<String> fail) {
        if (slot.present() != null) {
            return;
        }
        Slot.Rest rest = slot.rest();
        if (rest.deadline() != 0 && rest.deadline() <= now) {
            fail.accept("a pause is over and nothing happened" + at(slot));
        }
        switch (rest.state()) {
            case BACKOFF, QUARANTINE -> {
                boolean user = slot.spec().exclusive();
                long cap = rest.state() == SlotState.QUARANTINE
                        ? Backoff.QUARANTINE
                        : user ? Backoff.CAP : 2 * Backoff.CAP_WORKERS;
                if (rest.deadline() == 0) {
                    fail.accept("forgotten" + at(slot));
                }
                if (rest.since() == now && rest.deadline() - now > cap) {
                    fail.accept("waits too long" + at(slot));
                }
            }
            case STOPPED -> {
                boolean meant = mayBeEmpty.contains(slot.number())
                        || slot.spec().restart() != RestartPolicy.ALWAYS
                        || state.phase() != Phase.RUNNING;
                if (!meant) {
                    fail.accept("forgotten" + at(slot));
                }
            }
            case SPAWNING,
                    STARTING,
                    BOOTING,
                    READY,
                    RUNNING,
                    SUSPECT,
                    STUCK,
                    DRAINING,
                    TERMINATING,
                    KILLING,
                    UNKILLABLE -> fail.accept("an empty slot in the state of a process" + at(slot));
        }
    }

    /// A process has said that it leaves, or has hung up.
    void heard(Event event) {
        int life = event instanceof Event.SaidBye bye
                ? bye.life()
                : event instanceof Event.LostControl lost ? lost.life() : 0;
        SimulatedProcess process = processes.get(life);
        if (process != null) {
            process.leaves = true;
        }
    }

    /// Who is killed for one task has given the others, as far as they were seen, the time of a drain.
    void siblingsFirst(SupervisorState state, SimulatedProcess process, long now, Consumer<String> fail) {
        Life life = state.life(process.life);
        boolean ordered = life == null || life.order() != Life.Order.NONE || process.leaves || process.killed;
        boolean silent = process.missed >= state.limits().silentObservations();
        if (process.condemnedAt == 0 || ordered || silent) {
            return;
        }
        boolean drained = now >= process.condemnedAt + state.limits().drain();
        if (process.shownTimely > 0 && !drained) {
            fail.accept("killed with " + process.shownTimely + " innocent tasks");
        }
        spared += now > process.condemnedAt + state.limits().evidencePatient() && !drained ? 1 : 0;
    }

    /// How many processes were killed later than their evidence was taken, and before the time of a drain was over.
    long spared() {
        return spared;
    }

    /// No other process of the slot can still work.
    void alone(SupervisorState state, Effect.Activate order, Consumer<String> fail) {
        for (SimulatedProcess other : processes.values()) {
            Slot slot = state.slots().get(order.slot());
            Life life = slot.life(other.life);
            boolean same = other.slot == order.slot() && other.life != order.life();
            boolean helpless = other.dead || life != null && life.state() == SlotState.UNKILLABLE;
            if (same && other.alive && (other.activated || other.activateAsked) && !helpless) {
                fail.accept("two processes work in the exclusive slot " + order.slot());
            }
        }
    }

    /// Everything is as it was ordered.
    void converged(SupervisorState state, Consumer<String> fail) {
        if (state.reload() != null) {
            fail.accept("a reload does not end: " + state.reload());
        }
        for (Slot slot : state.slots()) {
            boolean waits = slot.spec().spare() || slot.paused();
            Life present = slot.present();
            if (present == null && slot.stopped()) {
                continue;
            }
            boolean right = present != null
                    && (waits
                            ? present.state() == SlotState.READY
                            : present.state() == SlotState.RUNNING || slot.heir() != null);
            // Recycling never ends, and each time a spare has moved another is made.
            boolean refilled = present == null
                    ? slot.rest().deadline() - slot.rest().since() <= Spares.PAUSE
                    : present.state().booting();
            boolean between = slot.spec().spare() && refilled
                    || !slot.spec().traits().recycling().equals(Recycling.NONE);
            if (!right && !between) {
                fail.accept("has not come to what was ordered" + at(slot) + ": " + slot);
            }
            if (!slot.leaving().isEmpty() && !between) {
                fail.accept("old processes do not leave" + at(slot) + ": " + slot);
            }
        }
    }

    private static String at(Slot slot) {
        return " (slot " + slot.number() + " in " + slot.state() + ")";
    }
}
