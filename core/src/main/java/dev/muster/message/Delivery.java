package dev.muster.message;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One try to deliver a message, and a thread that waits for its outcome.
final class Delivery implements Outgoing.Pending {
    /// How a try ended.
    sealed interface Outcome {
        /// The receiver has it.
        record Accepted() implements Outcome {}

        /// The receiver does not have it.
        record Refused(Refusal why) implements Outcome {}

        /// The connection ended.
        record Lost(boolean mayBeReceived, String why) implements Outcome {}
    }

    private final CompletableFuture<Outcome> outcome;

    /// @param loop that brings the outcome
    Delivery(PostLoop loop) {
        outcome = new Expected<>(loop);
    }

    /// Waits for the outcome.
    ///
    /// @return null if there is none within this time
    /// @throws InterruptedException if the thread is interrupted
    @Nullable
    Outcome await(long nanos) throws InterruptedException {
        try {
            return outcome.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never an exception", e);
        }
    }

    @Override
    public void accepted() {
        boolean _ = outcome.complete(new Outcome.Accepted());
    }

    @Override
    public void refused(Refusal why) {
        boolean _ = outcome.complete(new Outcome.Refused(why));
    }

    @Override
    public void lost(boolean mayBeReceived, String why) {
        boolean _ = outcome.complete(new Outcome.Lost(mayBeReceived, why));
    }

    @Override
    public void result(byte[] result) {
        throw new IllegalStateException("a message has no result");
    }

    @Override
    public void failed(String why) {
        throw new IllegalStateException("a message cannot fail: " + why);
    }

    /// Whoever waits looks at the clock itself.
    @Override
    public boolean overdue(long now) {
        return false;
    }
}
