package dev.muster.worker;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.ServerTaskResult;
import dev.muster.TaskFailedException;
import dev.muster.message.Post;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// The immediate tasks that this process submits.
///
/// **Threads:** any. **Failure:** as [dev.muster.ImmediateTasks] says.
final class ServerCalls {
    private final EventLane lane;
    private final Post post;
    private final AtomicLong ids = new AtomicLong();

    ServerCalls(EventLane lane) {
        this.lane = lane;
        this.post = lane.post();
    }

    /// Submits, and returns when it is accepted. The lane is told how it ends.
    long task(byte[] data) {
        long id = ids.incrementAndGet();
        if (lane.runsInline()) {
            lane.ended(inline(id, data));
            return id;
        }
        Post.Submitted submitted = post.submit(data);
        CompletableFuture<byte[]> result = submitted.result();
        await(submitted.accepted(), Long.MAX_VALUE);
        // Now, and not before: a task that nobody accepted is told by the exception only.
        CompletableFuture<byte[]> _ = result.whenComplete((bytes, failure) -> lane.ended(end(id, bytes, failure)));
        return id;
    }

    private ServerTaskResult inline(long id, byte[] data) {
        try {
            return new ServerTaskResult(id, lane.runInline(id, data), "");
        } catch (EventLane.OnTaskException e) {
            return new ServerTaskResult(id, new byte[0], String.valueOf(e.getMessage()));
        }
    }

    private static ServerTaskResult end(long id, byte[] bytes, Throwable failure) {
        if (failure == null) {
            return new ServerTaskResult(id, bytes, "");
        }
        return new ServerTaskResult(id, new byte[0], String.valueOf(failure.getMessage()));
    }

    /// Submits, and returns at once.
    CompletableFuture<byte[]> async(byte[] data) {
        if (!lane.runsInline()) {
            try {
                return post.submit(data).result();
            } catch (MessageException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        ServerTaskResult result = inline(ids.incrementAndGet(), data);
        return result.succeeded()
                ? CompletableFuture.completedFuture(result.data())
                : CompletableFuture.failedFuture(
                        new TaskFailedException("an immediate task failed in this task worker: " + result.failure()));
    }

    /// Submits, and waits for the result.
    byte[] await(byte[] data, Duration wait) {
        long nanos = Post.nanos(wait);
        CompletableFuture<byte[]> result = async(data);
        try {
            return await(result, nanos);
        } catch (TimedOutException _) {
            throw late(wait);
        }
    }

    /// Submits all, and waits for all.
    List<CompletableFuture<byte[]>> awaitAll(List<byte[]> tasks, Duration wait) {
        long deadline = System.nanoTime() + Math.min(Post.nanos(wait), Long.MAX_VALUE / 2);
        List<CompletableFuture<byte[]>> results = new ArrayList<>(tasks.size());
        for (byte[] task : tasks) {
            results.add(async(task).copy());
        }
        for (CompletableFuture<byte[]> result : results) {
            try {
                byte[] _ = await(result, Math.max(0, deadline - System.nanoTime()));
            } catch (TimedOutException _) {
                boolean _ = result.completeExceptionally(late(wait));
            } catch (MessageException | TaskFailedException _) {
                // The future says it.
            }
        }
        return results;
    }

    private static MessageException late(Duration wait) {
        return new MessageException(
                Reason.TIMEOUT,
                true,
                "an immediate task had no result within " + wait.toMillis()
                        + " ms; it may still be run, and what it returns is dropped");
    }

    /// There was no outcome in time.
    private static final class TimedOutException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TimedOutException() {
            super(null, null, false, false);
        }
    }

    private static <T> T await(CompletableFuture<T> future, long nanos) {
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new TimedOutException();
        } catch (ExecutionException | CompletionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // Thrown on another thread: the stack of whoever waits is the one that helps.
            throw switch (cause) {
                case MessageException m ->
                    new MessageException(m.reason(), m.mayBeReceived(), String.valueOf(m.getMessage()));
                case TaskFailedException t -> new TaskFailedException(String.valueOf(t.getMessage()));
                default -> new IllegalStateException("an immediate task ended in a way that is not known", cause);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while an immediate task was under way; it may still be run", e);
        }
    }
}
