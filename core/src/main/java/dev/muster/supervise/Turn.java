package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;

/// The working copy of a state while one event is being decided. Lives only inside [Supervisor#decide].
final class Turn {
    private static final long LONGEST_GRACE = 60_000_000_000L;

    private final Limits limits;
    private final long now;
    private final List<Slot> slots;
    private final List<Effect> effects = new ArrayList<>();
    private SupervisorState.Phase phase;
    private SpawnBudget budget;
    private long seed;
    private long stopBy;
    private long noVerdictBefore;
    private boolean everReady;

    Turn(SupervisorState state, long eventNow) {
        limits = state.limits();
        now = Math.max(state.now(), eventNow);
        slots = new ArrayList<>(state.slots());
        phase = state.phase();
        budget = state.budget().refilled(now);
        seed = state.seed();
        stopBy = state.stopBy();
        noVerdictBefore = state.noVerdictBefore();
        everReady = state.everReady();
        forgive(now - state.now());
    }

    /// An event comes at least once in a tick. A longer gap means that the master itself did not run (SIGSTOP, a
    /// sleeping host, no processor): nobody may be blamed for what it could not see, so every wait is prolonged by
    /// the gap.
    private void forgive(long gap) {
        long lateness = gap - limits.tick();
        if (lateness <= limits.tick() || phase == SupervisorState.Phase.NEW) {
            return;
        }
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.deadline() != 0) {
                slots.set(i, slot.enter(slot.state(), slot.since(), slot.deadline() + lateness));
            }
        }
        if (stopBy != 0) {
            stopBy += lateness;
        }
        noVerdictBefore = Math.max(noVerdictBefore, now + Math.min(lateness, LONGEST_GRACE));
    }

    Limits limits() {
        return limits;
    }

    long now() {
        return now;
    }

    SupervisorState.Phase phase() {
        return phase;
    }

    void phase(SupervisorState.Phase value) {
        phase = value;
    }

    int size() {
        return slots.size();
    }

    Slot slot(int number) {
        return slots.get(number);
    }

    void put(Slot slot) {
        slots.set(slot.number(), slot);
    }

    void effect(Effect effect) {
        effects.add(effect);
    }

    void tell(Effect.Level level, int slot, String text) {
        effects.add(new Effect.Tell(level, slot, text));
    }

    SpawnBudget budget() {
        return budget;
    }

    void takeToken() {
        budget = budget.taken();
    }

    long stopBy() {
        return stopBy;
    }

    void stopBy(long instant) {
        stopBy = instant;
    }

    boolean verdictsAllowed() {
        return now >= noVerdictBefore;
    }

    boolean wasEverReady() {
        return everReady;
    }

    void everReady() {
        everReady = true;
    }

    /// The next number of the jitter, from 0 (inclusive) to 1 (exclusive): SplitMix64 on the seed in the state.
    double random() {
        seed += 0x9E3779B97F4A7C15L;
        long z = seed;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1.0p-53;
    }

    Decision decision() {
        return new Decision(
                new SupervisorState(limits, phase, now, slots, budget, seed, stopBy, noVerdictBefore, everReady),
                effects);
    }
}
