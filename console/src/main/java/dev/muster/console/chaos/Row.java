package dev.muster.console.chaos;

import java.util.List;

/// A slot as `ps --json` shows it.
///
/// @param units runs or tasks that the present process has completed
/// @param generations of all of its processes, the present one first
public record Row(
        int slot,
        String role,
        String name,
        long pid,
        int generation,
        String state,
        long units,
        boolean spare,
        boolean paused,
        List<Integer> generations) {
    /// The name of the declaration.
    String group() {
        return name.replaceFirst("[#~][0-9]+$", "");
    }

    boolean running() {
        return state.equals("RUNNING");
    }

    boolean quarantined() {
        return state.equals("QUARANTINE");
    }
}
