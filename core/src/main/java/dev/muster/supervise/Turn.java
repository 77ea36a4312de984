package dev.muster.supervise;

import dev.muster.supervise.SupervisorState.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The working copy of a state while one event is being decided. Lives only inside [Supervisor#decide].
final class Turn {
    private static final long LONGEST_GRACE = 60_000_000_000L;

    private final Limits limits;
    private final long now;
    private final List<Slot> slots;
    private final List<Effect> effects = new ArrayList<>();
    private Phase phase;
    private SpawnBudget budget;
    private long seed;
    private long stopBy;
    private long noVerdictBefore;
    private boolean everReady;
    private int lives;
    private int generation;
    private @Nullable Reload reload;

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
        lives = state.lives();
        generation = state.generation();
        reload = state.reload();
        forgive(now - state.now());
    }

    /// An event comes at least once in a tick. A longer gap means that the master itself did not run (SIGSTOP, a
    /// sleeping host, no processor): nobody may be blamed for what it could not see, so every wait is prolonged by
    /// the gap.
    private void forgive(long gap) {
        long lateness = gap - limits.tick();
        if (lateness <= limits.tick() || phase == Phase.NEW) {
            return;
        }
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            for (Life life : slot.lives()) {
                if (life.deadline() != 0) {
                    slot = slot.with(life.until(life.deadline() + lateness));
                }
            }
            Slot.Rest rest = slot.rest();
            if (rest.deadline() != 0) {
                slot = slot.resting(rest.state(), rest.since(), rest.deadline() + lateness);
            }
            slots.set(i, slot);
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

    Phase phase() {
        return phase;
    }

    void phase(Phase value) {
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

    void add(ChildSpec spec, int ofGeneration) {
        slots.add(Slot.empty(spec, ofGeneration));
    }

    /// The slot that has this process, null if none has.
    @Nullable
    Slot holding(int life) {
        for (Slot slot : slots) {
            if (slot.life(life) != null) {
                return slot;
            }
        }
        return null;
    }

    /// A process.
    ///
    /// @throws IllegalStateException if the slot does not have it: a defect
    Life life(int slot, int number) {
        Life life = slots.get(slot).life(number);
        if (life == null) {
            throw new IllegalStateException("slot " + slot + " has no process with the number " + number);
        }
        return life;
    }

    void put(int slot, Life changed) {
        put(slots.get(slot).with(changed));
    }

    int nextLife() {
        return ++lives;
    }

    /// How many processes exist, or may exist.
    int population() {
        int count = 0;
        for (Slot slot : slots) {
            count += slot.lives().size();
        }
        return count;
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

    void widenBudget() {
        budget = budget.forSlots(slots.size());
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

    int generation() {
        return generation;
    }

    void generation(int value) {
        generation = value;
    }

    @Nullable
    Reload reload() {
        return reload;
    }

    void reload(@Nullable Reload value) {
        reload = value;
    }

    /// The next number of the jitter, from 0 (inclusive) to 1 (exclusive): SplitMix64 on the seed in the state.
    double random() {
        seed += 0x9E3779B97F4A7C15L;
        return Jitter.of(seed);
    }

    Decision decision() {
        return new Decision(
                new SupervisorState(
                        limits,
                        phase,
                        now,
                        slots,
                        budget,
                        seed,
                        stopBy,
                        noVerdictBefore,
                        everReady,
                        lives,
                        generation,
                        reload),
                effects);
    }
}
