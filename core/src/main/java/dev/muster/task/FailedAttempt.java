package dev.muster.task;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An attempt that ended with an exception: says in the log what follows, and is the outcome.
///
/// @param began when it began, in milliseconds since 1970
/// @param overSoftLimit whether it had been interrupted at its soft limit
record FailedAttempt(TaskRunner.Work work, long began, Throwable thrown, boolean overSoftLimit) {
    /// Longest stack that is kept with a dead letter, in characters.
    private static final int STACK_LIMIT = 8192;

    private static final System.Logger LOG = System.getLogger("dev.muster.task");

    Outcome outcome(TaskCatalog catalog) {
        return switch (thrown) {
            case SnoozeException snooze -> {
                log(Level.DEBUG, "it snoozes for " + snooze.delay().toMillis() + " ms");
                yield new Outcome.Snooze(claim(), snooze.delay(), String.valueOf(snooze.getMessage()));
            }
            case RetryException retry ->
                again(catalog, retry.delay().orElse(null), Level.INFO, DeadReason.RETRIES_SPENT);
            default ->
                switch (catalog.policy(work.call().task()).then(thrown)) {
                    case RETRY ->
                        again(catalog, null, Level.WARNING, overSoftLimit ? DeadReason.SOFT_LIMIT : DeadReason.FAILED);
                    case DISCARD -> {
                        log(Level.INFO, "it is discarded: @Retry says so of this exception");
                        yield new Outcome.Done(claim());
                    }
                    case DEAD -> {
                        log(Level.WARNING, "it ends as a dead letter: @Retry says so of this exception");
                        yield dead(overSoftLimit ? DeadReason.SOFT_LIMIT : DeadReason.FAILED);
                    }
                };
        };
    }

    private Outcome again(TaskCatalog catalog, @Nullable Duration asked, Level level, DeadReason reason) {
        NextAttempt next = catalog.next(claim(), work.message(), work.call().task(), began, asked);
        String message = next.message();
        if (message == null) {
            log(level, next.end() + " and ends as a dead letter");
            return dead(reason);
        }
        log(level, "trying again in " + next.delay().toMillis() + " ms");
        return new Outcome.Retry(claim(), message, next.delay(), when() + StackText.line(thrown));
    }

    private Outcome dead(DeadReason reason) {
        return new Outcome.Dead(claim(), reason, when() + StackText.of(thrown, STACK_LIMIT));
    }

    private Claim claim() {
        return work.claim();
    }

    private String when() {
        return overSoftLimit ? "after its soft limit of " + work.softMillis() + " ms: " : "";
    }

    private void log(Level level, String next) {
        String line = "task " + claim().id() + " (" + StackText.shorten(work.label(), 200) + ") "
                + (thrown instanceof SnoozeException ? "did not run" : "failed") + " in attempt "
                + (claim().attempts() + 1) + ": " + when() + StackText.line(thrown) + "; " + next;
        if (level == Level.WARNING && !(thrown instanceof StackOverflowError)) {
            LOG.log(level, line, thrown);
        } else {
            LOG.log(level, line);
        }
    }
}
