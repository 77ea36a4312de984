package dev.muster.supervise;

import dev.muster.Role;
import java.util.ArrayList;
import java.util.List;

/// The deaths of one slot that finished no work, and what they mean for its next process: a pause that grows while
/// they follow each other, and quarantine when there are too many of them in a minute. Immutable.
///
/// @param inARow how many, since they were forgotten last
/// @param at the instants of those within the last period, in nanoseconds
/// @param quarantined whether there were too many, and it has not reformed since
public record Failures(int inARow, List<Long> at, boolean quarantined) {
    /// So many failed boots of one slot end the application, if nothing in it was ever ready.
    public static final int HOPELESS = 3;

    public static final Failures NONE = new Failures(0, List.of(), false);

    public Failures {
        at = List.copyOf(at);
    }

    /// With one more: those older than the period are forgotten.
    ///
    /// @param now of the death
    public Failures another(long now) {
        List<Long> recent = new ArrayList<>();
        for (long each : at) {
            if (now - each < Backoff.PERIOD) {
                recent.add(each);
            }
        }
        recent.add(now);
        return new Failures(inARow + 1, recent, quarantined || recent.size() >= Backoff.INTENSITY);
    }

    /// They are forgotten after a minute of work, a quarantine after three.
    ///
    /// @param worked how long the process that has ended was at work, in nanoseconds
    public Failures after(long worked) {
        return worked >= (quarantined ? Backoff.REFORMED : Backoff.FORGOTTEN) ? NONE : this;
    }

    /// The pause before the next process, in nanoseconds: none after the first of a process that had been up for
    /// long.
    ///
    /// @param uptime of the process that has ended, in nanoseconds
    /// @param spare whether one waits to take its place
    /// @param random uniformly from 0 (inclusive) to 1 (exclusive)
    public long pause(Role role, long uptime, boolean spare, double random) {
        if (quarantined) {
            return Backoff.quarantine(random);
        }
        return inARow == 1 && (spare || uptime >= Backoff.SETTLED) ? 0 : Backoff.delay(role, inARow, random);
    }
}
