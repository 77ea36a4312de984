package dev.muster.supervise;

/// Why the master kills a process that nobody ordered to end.
///
/// @param kind what is wrong with it
/// @param text the measured fact, for people
/// @param guilty the task that is over its deadline, empty if none
public record Condemnation(Kind kind, String text, String guilty) {
    /// What is wrong with a condemned process; the lower-case name is the `kind` of a STUCK death.
    public enum Kind {
        /// Its work is over its deadline, or a pool worker has been silent for longer than its heartbeat.
        DEADLINE,
        /// It has stopped beating, or has not taken up its work.
        SILENT,
        /// It was stopped by a signal and does not beat.
        STOPPED,
        /// It beats, but its virtual threads get no carrier to run on.
        CARRIERS,
        /// It is not ready after the boot limit.
        BOOT,
        /// It broke the control protocol.
        PROTOCOL
    }
}
