package dev.muster.supervise;

import java.time.Duration;

/// The time limits of supervision, all in nanoseconds of the monotonic clock.
///
/// @param tick period of observation
/// @param hello from spawning to the first word: half of the boot, but not less than 10 s, for on a crowded machine a
///     JVM alone may need long
/// @param boot from spawning to ready
/// @param bootMost the same, with all the time that the process asks for while it boots
/// @param activate from the order to take up the work to its confirmation
/// @param drain for finishing the current work when a stop was ordered
/// @param stop for the whole application to stop; what lives then is killed
/// @param term from SIGTERM, or from the last words, to the end
/// @param evidence for taking evidence of a hang before the kill, while nobody does its work
/// @param evidencePatient the same, while another process does its work already
/// @param kill from SIGKILL to the alarm that it had no effect
/// @param silence without a beat, after which a process counts as hung
/// @param carriers without a carrier for a virtual thread, after which a process counts as hung
/// @param shutdownDelay from the order to stop the application to the first order to a process
public record Limits(
        long tick,
        long hello,
        long boot,
        long bootMost,
        long activate,
        long drain,
        long stop,
        long term,
        long evidence,
        long evidencePatient,
        long kill,
        long silence,
        long carriers,
        long shutdownDelay) {

    /// The defaults, with the four that the configuration sets.
    public static Limits of(Duration boot, Duration drain, Duration stop, Duration silence) {
        return new Limits(
                Duration.ofMillis(250).toNanos(),
                Math.min(Math.max(Duration.ofSeconds(10).toNanos(), boot.toNanos() / 2), boot.toNanos()),
                boot.toNanos(),
                Math.max(Duration.ofSeconds(300).toNanos(), boot.toNanos()),
                Duration.ofSeconds(10).toNanos(),
                drain.toNanos(),
                stop.toNanos(),
                Duration.ofSeconds(5).toNanos(),
                Duration.ofMillis(500).toNanos(),
                Duration.ofSeconds(3).toNanos(),
                Duration.ofSeconds(5).toNanos(),
                silence.toNanos(),
                Math.max(Duration.ofSeconds(10).toNanos(), silence.toNanos()),
                0);
    }

    /// The same with a delay between the order to stop and the first order to a process.
    Limits withShutdownDelay(Duration delay) {
        return new Limits(
                tick,
                hello,
                boot,
                bootMost,
                activate,
                drain,
                stop,
                term,
                evidence,
                evidencePatient,
                kill,
                silence,
                carriers,
                delay.toNanos());
    }

    /// How many observations without a new beat make a process hung. Observations are counted rather than time, so
    /// that a master that was itself frozen accuses nobody.
    int silentObservations() {
        return (int) Math.max(2, silence / tick);
    }
}
