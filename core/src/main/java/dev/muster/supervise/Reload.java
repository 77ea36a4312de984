package dev.muster.supervise;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A reload that is under way. Immutable.
///
/// @param generation the generation that was ordered
/// @param scope the word for a role or the name of a group; empty for all
/// @param origins the slots that are replaced, each with the generation that it had before
/// @param promoted the slots whose process ended before the one with the new code had booted: that one has the place
///     already, and has still to show that it comes up
/// @param failed the slot because of which it is being undone, -1 if it is not
/// @param pid of the process that has failed in it
/// @param failure why the reload is being undone, empty if it is not
record Reload(
        int generation,
        String scope,
        Map<Integer, Integer> origins,
        Set<Integer> promoted,
        int failed,
        long pid,
        String failure) {
    Reload {
        origins = Map.copyOf(origins);
        promoted = Set.copyOf(promoted);
    }

    static Reload of(int generation, String scope) {
        return new Reload(generation, scope, Map.of(), Set.of(), -1, 0, "");
    }

    boolean undone() {
        return !failure.isEmpty();
    }

    Reload undo(int slot, long process, String why) {
        return new Reload(generation, scope, origins, Set.of(), slot, process, why);
    }

    Reload with(Map<Integer, Integer> others) {
        return new Reload(generation, scope, others, promoted, failed, pid, failure);
    }

    Reload promote(int slot) {
        Set<Integer> more = new HashSet<>(promoted);
        more.add(slot);
        return new Reload(generation, scope, origins, more, failed, pid, failure);
    }

    /// Whether the new code has still to show in this slot that it comes up, though no other process does its work.
    boolean trying(Slot slot) {
        Life present = slot.present();
        return promoted.contains(slot.number())
                && slot.generation() == generation
                && (present == null || !present.booted());
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
