package dev.muster.observe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last deaths of each slot. **Threads:** belongs to the master's loop.
public final class DeathLog {
    /// So many are kept for each slot.
    public static final int KEPT = 100;

    private final Map<Integer, Deque<Death>> bySlot = new TreeMap<>();

    /// Adds a death; the oldest one of the slot is forgotten beyond [#KEPT].
    public void add(Death death) {
        Deque<Death> deaths = bySlot.computeIfAbsent(death.slot(), _ -> new ArrayDeque<>());
        deaths.add(death);
        if (deaths.size() > KEPT) {
            deaths.removeFirst();
        }
    }

    /// Puts what was found out about a death in its place; nothing happens if it is forgotten already.
    public void replace(Death before, Death after) {
        Deque<Death> deaths = bySlot.getOrDefault(before.slot(), new ArrayDeque<>());
        if (deaths.contains(before)) {
            List<Death> all = new ArrayList<>(deaths);
            all.set(all.lastIndexOf(before), after);
            deaths.clear();
            deaths.addAll(all);
        }
    }

    /// The last death in the slot, null if none is known.
    public @Nullable Death last(int slot) {
        Deque<Death> deaths = bySlot.get(slot);
        return deaths == null ? null : deaths.peekLast();
    }

    /// The kept deaths of all slots, oldest first.
    public List<Death> all() {
        List<Death> all = new ArrayList<>();
        bySlot.values().forEach(all::addAll);
        all.sort(Comparator.comparingLong(Death::atEpochMillis));
        return all;
    }
}
