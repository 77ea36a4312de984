package dev.muster.examples.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once that something does not answer and once that it does again, and how long to wait in between.
///
/// **Threads:** one.
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private final String what;
    private long since;
    private int tries;

    /// @param what for the log: `the Redis server 'default'`
    Outage(String what) {
        this.what = what;
    }

    /// It did not answer.
    ///
    /// @return how long to wait before the next try: longer each time, up to 5 s, and not the same for everybody
    Duration pause(RuntimeException failure) {
        if (tries == 0) {
            since = System.nanoTime();
            log.warn("{} does not answer, trying again until it does: {}", what, failure.toString());
        }
        long bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries, 10));
        tries++;
        return Duration.ofMillis(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
    }

    /// It answered.
    void over() {
        if (tries > 0) {
            log.info(
                    "{} answers again, after {} tries in {} ms",
                    what,
                    tries,
                    Duration.ofNanos(System.nanoTime() - since).toMillis());
            tries = 0;
        }
    }
}
