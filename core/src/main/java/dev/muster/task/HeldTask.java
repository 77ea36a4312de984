package dev.muster.task;

import dev.muster.PoolTask;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A task in the hands of a hand-written hook. Its outcome is stored at once; its mark stands as started until then.
///
/// **Threads:** may be ended by any thread, once.
final class HeldTask implements PoolTask {
    /// So long the hook waits for a broker that is down before it goes on; the outcome is then stored before the
    /// next task is taken.
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Claim claim;
    private final TaskMessage message;
    private final TaskRunner runner;
    private final Outcomes outcomes;
    private final int mark;
    private final long began = System.currentTimeMillis();
    private final AtomicBoolean ended = new AtomicBoolean();

    HeldTask(Claim claim, TaskMessage message, TaskRunner runner, Outcomes outcomes, int mark) {
        this.claim = claim;
        this.message = message;
        this.runner = runner;
        this.outcomes = outcomes;
        this.mark = mark;
    }

    boolean ended() {
        return ended.get();
    }

    @Override
    public String id() {
        return claim.id();
    }

    @Override
    public String payload() {
        return claim.payload();
    }

    @Override
    public int attempt() {
        return claim.attempts() + 1;
    }

    @Override
    public long token() {
        return claim.token();
    }

    @Override
    public void done() {
        end(new Outcome.Done(claim));
    }

    @Override
    public void retry() {
        end(runner.retry(claim, message, null, began));
    }

    @Override
    public void retry(Duration delay) {
        end(runner.retry(claim, message, RetryException.legal(delay), began));
    }

    @Override
    public void snooze(Duration delay) {
        end(new Outcome.Snooze(claim, RetryException.legal(delay), "by its hook"));
    }

    @Override
    public void dead(String reason) {
        end(new Outcome.Dead(claim, DeadReason.BURIED, reason));
    }

    private void end(Outcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException("the task " + claim.id() + " was ended before; a task is ended once");
        }
        outcomes.add(outcome, mark, true);
        boolean _ = outcomes.store(PATIENCE);
    }
}
