package dev.muster.message;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.TaskFailedException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// One immediate task on its way to a task worker, and back.
///
/// **Threads:** any; one step at a time.
final class TaskCall implements Outgoing.Pending {
    private final Dispatcher dispatcher;
    private final byte[] data;
    private final long deadline;
    private final CompletableFuture<Void> accepted;
    private final CompletableFuture<byte[]> result;
    private final Set<Integer> refused = new HashSet<>();
    private volatile int slot = -1;
    private String last = "";
    private Reason reason = Reason.NOBODY;

    /// @param loop that brings the answers
    /// @param deadline until when a worker is looked for
    TaskCall(Dispatcher dispatcher, PostLoop loop, byte[] data, long deadline) {
        accepted = new Expected<>(loop);
        result = new Expected<>(loop);
        this.dispatcher = dispatcher;
        this.data = data;
        this.deadline = deadline;
    }

    byte[] data() {
        return data;
    }

    CompletableFuture<Void> acceptance() {
        return accepted;
    }

    CompletableFuture<byte[]> result() {
        return result;
    }

    /// Workers that have refused it in this round.
    Set<Integer> refusedBy() {
        return refused;
    }

    void goingTo(int to) {
        slot = to;
    }

    /// One worker does not take it.
    void refusedBy(int by, Refusal why) {
        refused.add(by);
        last = "; slot " + by + ": " + why.text();
        reason = why.reason();
    }

    /// All workers were tried.
    void exhausted(int workers) {
        long now = System.nanoTime();
        // As for messages: a try that cannot be answered in time would be taken for a worker that does not answer.
        if (deadline - now > dispatcher.lastTryNanos()) {
            refused.clear();
            dispatcher.again(this);
            return;
        }
        fail(new MessageException(
                reason,
                false,
                "no task worker accepted an immediate task of " + data.length + " bytes within "
                        + dispatcher.patienceMillis() + " ms, tried " + workers + last
                        + "; raise tasks.workers, or submit less at once"));
    }

    /// This process ends, and its worker does not.
    void giveUp() {
        fail(new MessageException(
                Reason.LOST,
                true,
                "this process ended before it heard of the end of its immediate task"
                        + (slot < 0 ? "" : " in the task worker in slot " + slot)
                        + "; it may have been run, in part or in whole"));
    }

    @Override
    public void accepted() {
        boolean _ = accepted.complete(null);
    }

    @Override
    public void refused(Refusal why) {
        refusedBy(slot, why);
        dispatcher.refused(slot, why);
        dispatcher.dispatch(this);
    }

    @Override
    public void result(byte[] bytes) {
        accepted();
        boolean _ = result.complete(bytes);
        dispatcher.over(this);
    }

    @Override
    public void failed(String why) {
        accepted();
        boolean _ = result.completeExceptionally(
                new TaskFailedException("an immediate task failed in the task worker in slot " + slot + ": " + why));
        dispatcher.over(this);
    }

    @Override
    public void lost(boolean mayBeReceived, String why) {
        if (!mayBeReceived) {
            refused(new Refusal(Reason.LEAVING, why));
            return;
        }
        fail(new MessageException(
                Reason.LOST,
                true,
                "the task worker in slot " + slot + " died with an immediate task: " + why
                        + "; it may have been run, in part or in whole"));
    }

    @Override
    public boolean overdue(long now) {
        if (accepted.isDone() || deadline - now > 0) {
            return false;
        }
        fail(new MessageException(
                Reason.TIMEOUT,
                true,
                "the task worker in slot " + slot + " did not answer within " + dispatcher.patienceMillis()
                        + " ms; it may be stopped or overloaded, and may still run the task"));
        return true;
    }

    private void fail(MessageException why) {
        boolean _ = accepted.completeExceptionally(why);
        boolean _ = result.completeExceptionally(why);
        dispatcher.over(this);
    }
}
