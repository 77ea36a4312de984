package dev.muster;

/// How the application as a whole is doing, in the words of `muster ps`, `/readyz` and systemd.
///
/// @param status in one word
/// @param reason why it is not [Status#OK], and why it is not ready; empty if there is nothing to say
/// @param started whether every slot that is wanted has been ready once since the start of the master
/// @param ready whether new work should be sent to it
/// @param generation how often its code was reloaded, from 1
public record Health(Status status, String reason, boolean started, boolean ready, int generation) {
    /// In one word. The names are shown and never change their meaning.
    public enum Status {
        /// Every slot is as it should be, or on its way there for the first time.
        OK,
        /// A process dies again and again, or cannot be killed; the rest works.
        DEGRADED,
        /// The code is being replaced; the work goes on.
        RELOADING,
        /// A stop was ordered.
        STOPPING
    }
}
