package dev.muster.console.chaos;

import java.util.ArrayList;
import java.util.List;

/// One fault, and what must come of it.
///
/// @param name for options and reports
/// @param rows the numbers of the fault list that it belongs to
/// @param fault in words
/// @param act does it
record Scenario(String name, String rows, String fault, Act act) {
    /// Does the damage and checks what must follow.
    @FunctionalInterface
    interface Act {
        /// @return how long the recovery took, in nanoseconds
        /// @throws Unmet if something else follows
        long perform(Arena arena);
    }

    /// All of them, in the order in which they are tried: the master's own end comes last.
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(Kills.all());
        all.addAll(Freezes.all());
        all.addAll(Hangs.all());
        all.addAll(Exits.all());
        all.addAll(Boots.all());
        all.addAll(Reloads.all());
        all.addAll(Commands.all());
        all.addAll(Strangers.all());
        all.addAll(Masters.all());
        return all;
    }
}
