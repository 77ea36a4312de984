package dev.muster.console.chaos;

/// A death as `deaths --json` shows it.
///
/// @param kind of a hang, empty for other reasons
/// @param code the exit code, 0 if a signal ended it
/// @param signal what ended it, 0 if it ended by itself
/// @param dump path of the evidence, empty if there is none
public record Fatality(
        String name, long pid, String reason, String kind, int code, int signal, String task, String dump) {
    /// Reason, kind, and the code or the signal, in one line.
    String cause() {
        String how = signal == 0 ? " code " + code : " signal " + signal;
        return reason + (kind.isEmpty() ? "" : " " + kind) + how;
    }
}
