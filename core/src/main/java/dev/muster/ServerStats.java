package dev.muster;

import java.time.Instant;
import java.util.List;

/// A moment of the application.
///
/// @param startedAt when the master started
/// @param health of the whole
/// @param slots every slot, in the order of their numbers
/// @param inline whether the whole application is one JVM, without isolation and without kill
public record ServerStats(Instant startedAt, Health health, List<SlotStats> slots, boolean inline) {
    public ServerStats {
        slots = List.copyOf(slots);
    }

    /// A moment of one slot.
    ///
    /// @param slot its number
    /// @param role what it is for
    /// @param name its name, with `#N` when there are several
    /// @param pid the process id, 0 when no process lives in it
    /// @param state the state in the words of `muster ps`
    /// @param uptimeMillis since the process was spawned, 0 when there is none
    /// @param restarts how often the slot was filled again
    /// @param unitsDone runs, tasks and events that the present process has completed
    /// @param unitsFailed those of them that ended with an exception
    /// @param backlog messages and immediate tasks that it has accepted and not begun
    public record SlotStats(
            int slot,
            Role role,
            String name,
            long pid,
            String state,
            long uptimeMillis,
            int restarts,
            long unitsDone,
            long unitsFailed,
            int backlog) {}
}
