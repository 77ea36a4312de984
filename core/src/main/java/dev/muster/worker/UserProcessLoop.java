package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.OnError;
import dev.muster.PipeClosedException;
import dev.muster.Server;
import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.scan.Declaration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The life of a user process after its boot: run, pause, run, until a stop is asked for; it begins when the master
/// gives the process the work of its slot. A pause counts from the end of a run. A run that has begun is never
/// disturbed; its limit is a deadline on the board, which the master enforces.
///
/// **Threads:** one thread runs it, and all runs happen on that thread.
/// **Failure:** a run that throws is logged and counted; [OnError] says what follows.
final class UserProcessLoop {
    /// How a process ends.
    ///
    /// @param reason for the master's book
    /// @param detail one line
    /// @param stay whether the slot stays empty
    /// @param code of the process
    record End(ExitReason reason, String detail, boolean stay, int code) {}

    private final Declaration.User declaration;
    private final UserMethod method;
    private final Server server;
    private final UserProcessContext context;
    private final BoardSlot slot;
    private final StopRequest stop;
    private final Duty duty;
    private final RunPermit permit;
    private int failuresInRow;

    UserProcessLoop(
            Declaration.User declaration,
            UserMethod method,
            Server server,
            UserProcessContext context,
            BoardSlot slot,
            StopRequest stop,
            Duty duty,
            RunPermit permit) {
        this.declaration = declaration;
        this.method = method;
        this.server = server;
        this.context = context;
        this.slot = slot;
        this.stop = stop;
        this.duty = duty;
        this.permit = permit;
    }

    /// Runs until the process is to end.
    ///
    /// @throws OutOfMemoryError of a run: what else lives in the process may be broken too
    End run() {
        while (duty.await() && !stop.asked()) {
            Child.awaitPermission(slot);
            if (!permitted()) {
                continue;
            }
            Throwable failure = runOnce();
            permit.end();
            if (failure == null) {
                failuresInRow = 0;
            } else {
                failuresInRow++;
                report(failure);
                switch (declaration.onError()) {
                    case CONTINUE -> {}
                    case RESTART -> {
                        return new End(ExitReason.ERROR, FailedBoot.describe(failure), false, 1);
                    }
                    case STOP -> {
                        return new End(ExitReason.ERROR, FailedBoot.describe(failure), true, 1);
                    }
                }
            }
            pause();
        }
        return new End(stop.reason(), stop.detail(), false, 0);
    }

    private boolean permitted() {
        try {
            return permit.await() && permit.begin();
        } catch (InterruptedException _) {
            // An interrupt that a run left behind is not meant for the wait.
            return false;
        }
    }

    /// Returns what the run threw; null if it was a success, or ended by an interrupt after a stop was asked for.
    private @Nullable Throwable runOnce() {
        int mark = slot.start(Kind.RUN, "run", context.name(), context.limitNanos());
        context.running(mark);
        Throwable failure = null;
        try {
            method.run(server, context);
        } catch (OutOfMemoryError | LifeEndError e) {
            throw e;
        } catch (InterruptedException | PipeClosedException e) {
            failure = stop.asked() ? null : e;
        } catch (Throwable e) {
            failure = e;
        }
        context.idle();
        slot.finish(mark, failure != null);
        return failure;
    }

    // Thread.yield: a process without an interval must not keep others from the processor.
    @SuppressWarnings("ThreadPriorityCheck")
    private void pause() {
        long millis = FailureBackoff.pauseMillis(declaration.intervalMillis(), failuresInRow);
        // An interrupt that a run left behind is not meant for the pause.
        boolean _ = Thread.interrupted();
        if (millis == 0) {
            Thread.yield();
            return;
        }
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            // A paused process rests at once; what is left of the interval is waited for when it works again.
            while (left > 0 && duty.await() && !stop.asked()) {
                left = duty.awaitPause(left);
            }
        } catch (InterruptedException _) {
            // Somebody woke the thread early; the next run comes early.
        }
    }

    private void report(Throwable failure) {
        long pause = FailureBackoff.pauseMillis(declaration.intervalMillis(), failuresInRow);
        String next = switch (declaration.onError()) {
            case CONTINUE -> "next run in " + pause + " ms";
            case RESTART -> "the process ends and is restarted by its policy";
            case STOP -> "the process ends and its slot stays empty until it is started by command";
        };
        LoggerFactory.getLogger(declaration.className())
                .error("a run of {} failed, {} in a row; {}", context.name(), failuresInRow, next, failure);
    }
}
