package dev.muster.supervise;

import java.time.Duration;

/// The time limits of supervision, all in nanoseconds of the monotonic clock.
///
/// @param tick period of observation
/// @param hello from spawning to the first word
/// @param boot from spawning to ready
/// @param drain for finishing the current work when a stop was ordered
/// @param stop for the whole application to stop; what lives then is killed
/// @param term from SIGTERM, or from the last words, to the end
/// @param evidence for taking evidence of a hang before the kill
/// @param kill from SIGKILL to the alarm that it had no effect
/// @param silence without a beat, after which a process counts as hung
/// @param shutdownDelay from the order to stop the application to the first order to a process
public record Limits(
        long tick,
        long hello,
        long boot,
        long drain,
        long stop,
        long term,
        long evidence,
        long kill,
        long silence,
        long shutdownDelay) {

    /// The defaults, with the four that the configuration sets.
    public static Limits of(Duration boot, Duration drain, Duration stop, Duration silence) {
        return new Limits(
                Duration.ofMillis(250).toNanos(),
                Math.min(Duration.ofSeconds(10).toNanos(), boot.toNanos()),
                boot.toNanos(),
                drain.toNanos(),
                stop.toNanos(),
                Duration.ofSeconds(5).toNanos(),
                Duration.ofMillis(500).toNanos(),
                Duration.ofSeconds(5).toNanos(),
                silence.toNanos(),
                0);
    }

    /// The same with a delay between the order to stop and the first order to a process.
    Limits withShutdownDelay(Duration delay) {
        return new Limits(tick, hello, boot, drain, stop, term, evidence, kill, silence, delay.toNanos());
    }

    /// How many observations without a new beat make a process hung. Observations are counted rather than time, so
    /// that a master that was itself frozen accuses nobody.
    int silentObservations() {
        return (int) Math.max(2, silence / tick);
    }
}
