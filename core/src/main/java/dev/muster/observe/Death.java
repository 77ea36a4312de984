package dev.muster.observe;

import dev.muster.ExitReason;

/// The end of a process, as `muster deaths` shows it.
///
/// @param slot the slot it was in
/// @param name the name of the slot
/// @param pid its process id, 0 if it never had one
/// @param reason why it ended
/// @param kind for STUCK: deadline, silent or stopped; else empty
/// @param code the exit code, -1 if a signal ended it
/// @param signal the signal that ended it, 0 if none
/// @param uptimeMillis since it was spawned
/// @param task what it was working on, empty if nothing is known
/// @param detail one line for people, empty if there is nothing to add
/// @param atEpochMillis when it was reaped
/// @param dump path of the evidence, empty if there is none
public record Death(
        int slot,
        String name,
        long pid,
        ExitReason reason,
        String kind,
        int code,
        int signal,
        long uptimeMillis,
        String task,
        String detail,
        long atEpochMillis,
        String dump) {

    /// The same death with what was found out about it.
    ///
    /// @param newDetail one line for people, empty if there is nothing to add
    /// @param newDump path of the evidence, empty if there is none
    public Death explained(String newDetail, String newDump) {
        return new Death(
                slot, name, pid, reason, kind, code, signal, uptimeMillis, task, newDetail, atEpochMillis, newDump);
    }

    /// As one sentence for the log.
    public String sentence() {
        StringBuilder text = new StringBuilder("ended: ").append(reason);
        if (!kind.isEmpty()) {
            text.append(' ').append(kind);
        }
        text.append(signal == 0 ? ", exit code " + code : ", signal " + signal);
        text.append(", after ").append(uptimeMillis).append(" ms");
        if (!task.isEmpty()) {
            text.append(", working on ").append(task.length() > 120 ? task.substring(0, 120) + "…" : task);
        }
        if (!detail.isEmpty()) {
            text.append(" (").append(detail).append(')');
        }
        if (!dump.isEmpty()) {
            text.append("; evidence in ").append(dump);
        }
        return text.toString();
    }
}
