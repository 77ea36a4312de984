package dev.muster;

/// When the slot of an ended process is filled again. Ends that were ordered (a stop of the slot, the end of the
/// application) never lead to a restart.
public enum RestartPolicy {
    /// After every end, a clean one included. The default.
    ALWAYS,
    /// After every end but a clean one (exit code 0).
    ON_FAILURE,
    /// Never.
    NEVER
}
