package dev.muster.task;

import dev.muster.PoolTask;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Takes one task after the other for a hand-written hook. What is not even a message is buried and not shown to it.
///
/// **Threads:** one; [#waits()] may be called from any.
final class Taking {
    private final Intake intake;
    private final TaskRunner runner;
    private final StartMarks marks;
    private final Outcomes outcomes;
    private final Cancellations cancellations;
    private @Nullable HeldTask held;
    private volatile boolean waits;

    Taking(Intake intake, TaskRunner runner, StartMarks marks, Outcomes outcomes, Cancellations cancellations) {
        this.intake = intake;
        this.runner = runner;
        this.marks = marks;
        this.outcomes = outcomes;
        this.cancellations = cancellations;
    }

    Optional<PoolTask> take(Duration wait, BooleanSupplier stopping) throws InterruptedException {
        requireNothingHeld();
        waits = true;
        try {
            return await(wait, stopping);
        } finally {
            waits = false;
        }
    }

    /// Whether the hook waits for a task.
    boolean waits() {
        return waits;
    }

    private Optional<PoolTask> await(Duration wait, BooleanSupplier stopping) throws InterruptedException {
        // Converted with a ceiling: a hook may wait for as long as it likes.
        long until = System.nanoTime() + TimeUnit.NANOSECONDS.convert(wait);
        do {
            long left = Math.max(0, until - System.nanoTime());
            if (stopping.getAsBoolean() || !outcomes.store(left)) {
                return Optional.empty();
            }
            List<Claim> claims = intake.claim(1);
            if (claims.isEmpty()) {
                intake.await(Duration.ofNanos(Math.min(left, Consumer.IDLE_WAIT.toNanos())));
            } else {
                Optional<PoolTask> task = hold(claims.getFirst());
                if (task.isPresent()) {
                    return task;
                }
            }
        } while (until - System.nanoTime() > 0);
        return Optional.empty();
    }

    /// @throws IllegalStateException if the task that was taken before is not ended
    void requireNothingHeld() {
        if (held != null && !held.ended()) {
            throw new IllegalStateException("the task " + held.id()
                    + " that was taken before is not ended; call done, retry, snooze or dead on it first");
        }
    }

    private Optional<PoolTask> hold(Claim claim) {
        return switch (runner.parse(claim)) {
            case Refused refused -> {
                outcomes.add(new Outcome.Dead(claim, refused.reason(), refused.detail()), -1, false);
                yield Optional.empty();
            }
            case TaskMessage message
            when message.expired() -> {
                Refused late = message.tooLate();
                outcomes.add(new Outcome.Dead(claim, late.reason(), late.detail()), -1, false);
                yield Optional.empty();
            }
            case TaskMessage message
            when !intake.mayStart(claim, runner.atMostOnce(message)) -> {
                intake.giveBack(List.of(claim));
                yield Optional.empty();
            }
            case TaskMessage message -> {
                int mark = marks.started(claim.id(), message.label(), message.timeoutMillis());
                HeldTask task = new HeldTask(claim, message, runner, outcomes, mark, cancellations);
                held = task;
                cancellations.begin(task, mark);
                yield Optional.of(task);
            }
        };
    }
}
