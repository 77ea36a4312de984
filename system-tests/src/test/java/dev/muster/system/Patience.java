package dev.muster.system;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// How long a scenario waits for something that should happen soon: long enough for a machine that has other things to
/// do.
public final class Patience {
    private static final Duration LONGEST = Duration.ofSeconds(100);
    private static final Duration POLL = Duration.ofMillis(20);

    private Patience() {}

    /// Begins a wait.
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(LONGEST).pollDelay(Duration.ZERO).pollInterval(POLL);
    }
}
