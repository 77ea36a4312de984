package dev.muster;

import java.time.Duration;

/// A task that a hand-written `hook` has taken. Exactly one of [#done()], [#retry()], [#retry(Duration)],
/// [#snooze(Duration)] and [#dead(String)] ends it; a second call throws `IllegalStateException`.
public interface PoolTask {
    /// The id under which it was accepted.
    String id();

    /// The message as it lies in the queue, JSON text.
    String payload();

    /// The number of this attempt, from 1.
    int attempt();

    /// A number that grows each time the task is handed to a worker: its fencing token. Kept beside what is written
    /// elsewhere, it lets a write win only over one with a smaller or the same number.
    long token();

    /// Whether it was cancelled, for example by `muster tasks cancel`; known within about a second. Nothing
    /// interrupts the hook: one that works for long asks now and then, and ends the task. Any end but [#done()]
    /// buries it. 5 s after the answer has become true, its process is killed as at a deadline if the task has not
    /// ended.
    boolean cancelled();

    /// It is done; it leaves the queue.
    void done();

    /// It failed; it comes again after the usual delay while it has attempts left, else it ends as a dead letter.
    void retry();

    /// As [#retry()], but after this delay.
    ///
    /// @param delay 0 to 3660 days
    void retry(Duration delay);

    /// It is not time for it: it comes again after the delay and has spent nothing.
    ///
    /// @param delay 0 to 3660 days
    void snooze(Duration delay);

    /// It can not succeed; it ends as a dead letter with this reason.
    void dead(String reason);
}
