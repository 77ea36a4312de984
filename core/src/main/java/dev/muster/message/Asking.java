package dev.muster.message;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One call to one web worker: [#send] sends it, [#await] waits for the answer, so that many can be asked at the same
/// time.
///
/// **Threads:** that of the caller. **Failure:** the end of the connection is the end of the process, unless it can be
/// reached again; then it lives, and the caller hears that its call may be lost.
final class Asking {
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    /// Asks for nothing but an answer.
    private static final byte[] ANYBODY = DeskCall.established(0);

    /// How one try ended.
    private sealed interface Outcome {
        record Answered(byte[] answer) implements Outcome {}

        record Failed(String why) implements Outcome {}

        record Lost(boolean mayBeReceived, String why) implements Outcome {}
    }

    private final Desks desks;
    private final int life;
    private final long deadline;
    private final long millis;
    private byte[] call;
    /// What was sent, null if nothing is.
    private @Nullable Try last;
    private boolean gone;
    private long pause = FIRST_PAUSE;
    /// Why the process may have got the call and no answer comes, null if that is not so.
    private @Nullable String lost;

    private String why = "";

    /// @param life whom to ask
    /// @param deadline until when an answer must be there
    /// @param millis how long that is, for people
    Asking(Desks desks, int life, byte[] call, long deadline, long millis) {
        this.desks = desks;
        this.life = life;
        this.call = call;
        this.deadline = deadline;
        this.millis = millis;
    }

    /// Sends the call if that can be done without waiting.
    Asking send() {
        Outgoing route;
        try {
            route = desks.to(life);
        } catch (UnreachableException e) {
            why = String.valueOf(e.getMessage());
            last = null;
            return this;
        }
        if (route == null) {
            gone = true;
            return this;
        }
        Reply reply = new Reply(desks.expected());
        Frame frame = route.ask(FrameKind.CALL, desks.self(), call, reply);
        if (frame == null) {
            why = "it does not read what was sent to it before";
            last = null;
        } else {
            last = new Try(route, frame, reply);
        }
        return this;
    }

    /// Waits for the answer.
    ///
    /// @return null if there is no such process
    /// @throws MessageException if there is no answer in time, or it is not known whether the call was received
    byte @Nullable [] await() {
        while (true) {
            if (gone) {
                return null;
            }
            Try now = last;
            if (now == null) {
                if (!rest()) {
                    throw late(null);
                }
                Asking _ = send();
                continue;
            }
            switch (now.reply.await(deadline)) {
                case null -> throw late(now);
                case Outcome.Answered(byte[] answer) -> {
                    if (lost == null) {
                        return answer;
                    }
                    throw new MessageException(
                            Reason.LOST,
                            true,
                            who(now) + " did not answer, and its process lives: the connection to it has ended (" + lost
                                    + "); it may have done what was asked");
                }
                case Outcome.Failed(String text) ->
                    throw new IllegalStateException(who(now) + " could not do what was asked: " + text);
                case Outcome.Lost(boolean mayBeReceived, String text) -> {
                    if (mayBeReceived && lost == null) {
                        // What it was asked for must not be done twice; but whether it lives must be known.
                        lost = text;
                        call = ANYBODY;
                    }
                    why = text;
                    last = null;
                }
            }
        }
    }

    /// Waits before another try.
    ///
    /// @return false if there is no time left
    private boolean rest() {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(Math.min(left, pause));
        if (Thread.interrupted()) {
            throw interrupted(null);
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        return true;
    }

    private MessageException late(@Nullable Try of) {
        boolean received = lost != null;
        String reason = why;
        if (of != null) {
            received |= !of.route.withdraw(of.frame);
            reason = "it may be stopped or overloaded";
        }
        return new MessageException(
                Reason.TIMEOUT,
                received,
                who(of) + " did not answer within " + millis + " ms (messages.sendTimeout): " + reason + "; it "
                        + (received ? "may still do" : "has not got") + " what was asked");
    }

    private String who(@Nullable Try of) {
        int slot = of == null ? -1 : of.route.answering();
        return "the web worker process " + life + (slot < 0 ? "" : " in slot " + slot);
    }

    private static IllegalStateException interrupted(@Nullable InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a web worker was asked; it may still do that", e);
    }

    /// A call under way.
    private record Try(Outgoing route, Frame frame, Reply reply) {}

    /// Where the answer comes.
    private static final class Reply implements Outgoing.Pending {
        private final CompletableFuture<Outcome> outcome;

        Reply(CompletableFuture<Outcome> outcome) {
            this.outcome = outcome;
        }

        @Nullable
        Outcome await(long deadline) {
            try {
                return outcome.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                return null;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("an outcome is never an exception", e);
            }
        }

        @Override
        public void result(byte[] result) {
            boolean _ = outcome.complete(new Outcome.Answered(result));
        }

        @Override
        public void failed(String text) {
            boolean _ = outcome.complete(new Outcome.Failed(text));
        }

        @Override
        public void lost(boolean mayBeReceived, String text) {
            boolean _ = outcome.complete(new Outcome.Lost(mayBeReceived, text));
        }

        @Override
        public void accepted() {
            // Said of messages and tasks only; the answer is yet to come.
        }

        @Override
        public void refused(Refusal refusal) {
            failed(refusal.text());
        }

        /// Whoever waits looks at the clock itself.
        @Override
        public boolean overdue(long now) {
            return false;
        }
    }
}
