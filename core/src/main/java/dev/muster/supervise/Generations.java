package dev.muster.supervise;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The generations of the code that processes run, or may be started with.
///
/// **Threads:** belongs to the master's loop.
final class Generations {
    private final Map<Integer, Generation> byNumber = new TreeMap<>();
    private final Consumer<Generation> release;
    private int last;
    /// The one that a reload is about to bring, and that nothing uses yet; 0 for none.
    private int coming;

    /// @param release gives back what a generation holds on the disk
    Generations(Generation first, Consumer<Generation> release) {
        this.release = release;
        add(first);
    }

    void add(Generation generation) {
        byNumber.put(generation.number(), generation);
        last = Math.max(last, generation.number());
    }

    /// Adds one that is kept, used or not, until [#settled()].
    void coming(Generation generation) {
        add(generation);
        coming = generation.number();
    }

    /// The reload has ended: its generation is kept only while something uses it.
    void settled() {
        coming = 0;
    }

    int next() {
        return last + 1;
    }

    /// @throws IllegalStateException if it was forgotten: a defect
    Generation get(int number) {
        Generation generation = byNumber.get(number);
        if (generation == null) {
            throw new IllegalStateException("generation " + number + " is not loaded; there are " + byNumber.keySet());
        }
        return generation;
    }

    /// Forgets those that no process runs and no slot would be filled with.
    void prune(SupervisorState state) {
        for (Iterator<Generation> all = byNumber.values().iterator(); all.hasNext(); ) {
            Generation generation = all.next();
            if (!used(state, generation.number())) {
                all.remove();
                release.accept(generation);
            }
        }
    }

    /// The one that the application runs, and the one that a reload brings.
    List<Generation> wanted(SupervisorState state) {
        return byNumber.values().stream()
                .filter(generation -> wanted(state, generation.number()))
                .toList();
    }

    private boolean wanted(SupervisorState state, int number) {
        Reload reload = state.reload();
        return number == coming || number == state.generation() || reload != null && reload.generation() == number;
    }

    private boolean used(SupervisorState state, int number) {
        if (wanted(state, number)) {
            return true;
        }
        for (Slot slot : state.slots()) {
            if (slot.generation() == number || slot.lives().stream().anyMatch(life -> life.generation() == number)) {
                return true;
            }
        }
        return false;
    }
}
