package dev.muster.observe;

import dev.muster.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of `muster ps`.
///
/// @param pid the process id, 0 when no process lives in the slot
/// @param generation how often the code was reloaded, from 1
/// @param state in capitals
/// @param rssBytes resident memory, 0 if unknown
/// @param task what it is working on, empty if nothing
/// @param unitsDone runs or tasks that the present process has completed
/// @param unitsFailed those of them that failed
/// @param backlog messages and immediate tasks that it has accepted and not begun
/// @param connections those of a web worker
/// @param spare whether its process waits to take over another slot
/// @param paused whether its process is given no work
/// @param privateBytes memory that its end would give back, 0 if unknown
/// @param gcPercent part of one processor that its collector used of late
/// @param others what lives beside the present process: its replacement, and those that it has replaced
/// @param lastExit the last death in the slot, null if none
public record SlotRow(
        int slot,
        Role role,
        String name,
        long pid,
        int generation,
        String state,
        long uptimeMillis,
        int restarts,
        long rssBytes,
        String task,
        long unitsDone,
        long unitsFailed,
        int backlog,
        int connections,
        boolean spare,
        boolean paused,
        long privateBytes,
        int gcPercent,
        List<Other> others,
        @Nullable Death lastExit) {
    /// Another process of the slot.
    ///
    /// @param part `replacement` or `leaving`
    public record Other(String part, long pid, int generation, String state) {}
}
