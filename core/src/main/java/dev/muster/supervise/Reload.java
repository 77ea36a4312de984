package dev.muster.supervise;

import java.util.Map;

/// A reload that is under way. Immutable.
///
/// @param generation the generation that was ordered
/// @param scope the word for a role or the name of a group; empty for all
/// @param origins the slots that are replaced, each with the generation that it had before
/// @param failed the slot because of which it is being undone, -1 if it is not
/// @param pid of the process that has failed in it
/// @param failure why the reload is being undone, empty if it is not
record Reload(int generation, String scope, Map<Integer, Integer> origins, int failed, long pid, String failure) {
    Reload {
        origins = Map.copyOf(origins);
    }

    boolean undone() {
        return !failure.isEmpty();
    }

    Reload undo(int slot, long process, String why) {
        return new Reload(generation, scope, origins, slot, process, why);
    }

    Reload with(Map<Integer, Integer> others) {
        return new Reload(generation, scope, others, failed, pid, failure);
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
