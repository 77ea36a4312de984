package dev.muster.supervise;

import java.util.Map;

/// A reload that is under way. Immutable.
///
/// @param generation the generation that was ordered
/// @param origins the slots that are replaced, each with the generation that it had before
/// @param failed the slot because of which it is being undone, -1 if it is not
/// @param failure why the reload is being undone, empty if it is not
record Reload(int generation, Map<Integer, Integer> origins, int failed, String failure) {
    Reload {
        origins = Map.copyOf(origins);
    }

    boolean undone() {
        return !failure.isEmpty();
    }

    Reload undo(int slot, String why) {
        return new Reload(generation, origins, slot, why);
    }

    boolean concerns(Slot slot) {
        return origins.containsKey(slot.number());
    }

    /// The generation that a slot is to have in the end.
    int target(Slot slot) {
        return undone() ? origins.getOrDefault(slot.number(), slot.generation()) : generation;
    }

    /// How many slots are replaced at the same time: a quarter.
    int batch() {
        return Math.max(1, (origins.size() + 3) / 4);
    }
}
