package dev.muster.schedule;

import java.time.Instant;

/// An interval.
record Every(long millis) implements Recurrence {
    Every {
        if (millis < MIN_EVERY || millis > MAX_EVERY || millis % 1_000 != 0) {
            throw new IllegalArgumentException(
                    "an interval of " + millis + " ms is not legal; it has whole seconds, from 1s to 8760h");
        }
    }

    @Override
    public Instant next(Instant after) {
        long seconds = millis / 1_000;
        return Instant.ofEpochSecond((Math.floorDiv(after.getEpochSecond(), seconds) + 1) * seconds);
    }
}
