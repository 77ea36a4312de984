package dev.muster.worker;

import dev.muster.PipeMessage;
import dev.muster.Role;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.ServerTask;
import dev.muster.ServerTaskResult;
import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.message.Letter;
import dev.muster.message.Post;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Tells the server's listeners of this process what happens, one event after the other. Each event is a mark on the
/// board with a deadline, so one that hangs ends with its process.
///
/// **Threads:** "muster-events" for messages and tasks, "muster-finish" for the ends of tasks, "muster-announcer" for
/// what happens to the application; one lock lets one event
/// run at a time, wherever it comes from. **Lifetime:** from [#begin] to [#finish]. **Failure:** what a listener throws
/// is logged and counted.
final class EventLane {
    private static final byte[] EMPTY = new byte[0];

    private final Role role;
    private final Post post;
    private final Listeners listeners;
    private final BoardSlot slot;
    private final WayOut departure;
    private final Consumer<Thread> runners;
    private final ReentrantLock turn = new ReentrantLock();
    /// An empty one is the last.
    private final BlockingQueue<Optional<ServerTaskResult>> ends = new LinkedBlockingQueue<>();
    private final AtomicLong events = new AtomicLong();
    private final Announcer announcer = new Announcer(this);
    private @Nullable Server server;
    private @Nullable Thread thread;
    // Both guarded by `ends`.
    private @Nullable Thread finisher;
    private boolean finished;
    // Guarded by `this`.
    private boolean busy;
    private @Nullable Runnable atRest;

    /// @param role of this process
    /// @param runners is told which thread runs user code
    EventLane(Role role, Post post, Listeners listeners, BoardSlot slot, WayOut departure, Consumer<Thread> runners) {
        this.role = role;
        this.post = post;
        this.listeners = listeners;
        this.slot = slot;
        this.departure = departure;
        this.runners = runners;
    }

    Post post() {
        return post;
    }

    /// The listeners of this process, made now if they were not made before.
    List<ServerListener> listeners() {
        return listeners.objects();
    }

    /// Makes the listeners of a worker, and begins to tell them. In a user process they are made when the first one
    /// is needed.
    void begin(Server around) {
        server = around;
        boolean worker = role == Role.WEB || role == Role.TASK || role == Role.POOL;
        if (worker && (listeners.takeMessages() || listeners.takeTasks())) {
            var _ = listeners.objects();
            thread = start("muster-events", this::work);
        }
    }

    /// Tells the listeners that this worker boots.
    ///
    /// @throws Exception what one of them throws: the boot has failed
    void workerStart() throws Exception {
        if (listeners.watch()) {
            for (ServerListener listener : listeners.objects()) {
                listener.onWorkerStart(server());
            }
        }
    }

    /// Tells the listeners that this worker ends; its work, and everything else that they are told, is over.
    void workerStop() {
        if (listeners.hear("onWorkerStop")) {
            tell("worker-stop", "onWorkerStop", "this worker", ServerListener::onWorkerStop);
        }
    }

    /// What happens to the application, as the master orders it to be told here.
    Announcer announcer() {
        return announcer;
    }

    Thread start(String name, Runnable work) {
        Thread started = Thread.ofPlatform().daemon().name(name).unstarted(work);
        runners.accept(started);
        started.start();
        return started;
    }

    /// Ends what was accepted, takes in nothing more, and tells the ends that are known, of tasks whose worker has
    /// not answered that they are lost. Blocks until that is done; the master's limits bound it.
    void finish() {
        post.leave();
        join(thread);
        // Before the last end is told: those that never come are told too.
        post.giveUp();
        Thread telling;
        synchronized (ends) {
            finished = true;
            ends.add(Optional.empty());
            telling = finisher;
        }
        join(telling);
        announcer.finish();
    }

    static void join(@Nullable Thread working) {
        if (working == null || working.equals(Thread.currentThread())) {
            return;
        }
        boolean interrupted = false;
        while (working.isAlive()) {
            try {
                working.join();
            } catch (InterruptedException _) {
                // What was accepted ends all the same.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs the action when nothing that was accepted is left to do: now, or later on the lane's own thread.
    void whenAtRest(Runnable action) {
        synchronized (this) {
            if (busy || slot.backlog() > 0) {
                atRest = action;
                return;
            }
        }
        action.run();
    }

    private void work() {
        while (post.awaitLetter()) {
            Letter now;
            synchronized (this) {
                // Together: whoever asks whether anything is left to do sees it either there or here.
                now = post.inbox().poll();
                busy = now != null;
            }
            if (now == null) {
                continue;
            }
            String id = (now.task() ? "task-" : "message-") + events.incrementAndGet();
            if (now.task()) {
                event(id, "onTask of slot " + now.source(), () -> task(now));
            } else {
                message(id, now);
            }
            rest();
        }
    }

    private void message(String id, Letter letter) {
        PipeMessage message = new PipeMessage(letter.source(), letter.data());
        event(
                id,
                "onPipeMessage of slot " + letter.source(),
                () -> told(
                        "onPipeMessage",
                        "a message of slot " + letter.source(),
                        (listener, around) -> listener.onPipeMessage(around, message)));
    }

    private void rest() {
        Runnable told = null;
        synchronized (this) {
            busy = false;
            if (atRest != null && slot.backlog() == 0) {
                told = atRest;
                atRest = null;
            }
        }
        if (told != null) {
            told.run();
        }
    }

    /// One event.
    private interface Event {
        /// Tells the listeners.
        ///
        /// @return whether one of them failed
        boolean fails();
    }

    private void event(String id, String label, Event event) {
        turn.lock();
        try {
            Child.awaitPermission(slot);
            int mark = slot.start(Kind.EVENT, id, label, post.limits().eventNanos());
            boolean failed = true;
            try {
                failed = event.fails();
            } finally {
                slot.finish(mark, failed);
            }
        } catch (OutOfMemoryError e) {
            UncaughtFailures.leave(departure, e);
        } finally {
            turn.unlock();
        }
        // An interrupt that user code left behind is not meant for the next event.
        boolean _ = Thread.interrupted();
    }

    /// Tells one listener of an event.
    interface Telling {
        void tell(ServerListener listener, Server server) throws Exception;
    }

    /// Tells all listeners of something, as one event.
    ///
    /// @param id of the mark
    /// @param event the name of the method
    /// @param of what it is about, for people
    void tell(String id, String event, String of, Telling telling) {
        event(id, event + " of " + of, () -> told(event, of, telling));
    }

    /// @return whether one of them failed
    private boolean told(String event, String of, Telling telling) {
        boolean failed = false;
        for (ServerListener listener : listeners.objects()) {
            try {
                telling.tell(listener, server());
            } catch (OutOfMemoryError | LifeEndError e) {
                throw e;
            } catch (Throwable e) {
                failed = true;
                report(listener, event, of, e);
            }
        }
        return failed;
    }

    private boolean task(Letter letter) {
        ServerTask task = new ServerTask(letter.request(), letter.source(), letter.data());
        try {
            letter.result(run(task));
            return false;
        } catch (OnTaskException e) {
            letter.failed(String.valueOf(e.getMessage()));
            return true;
        }
    }

    /// What `onTask` threw, as its submitter hears it.
    static final class OnTaskException extends Exception {
        private static final long serialVersionUID = 1L;

        OnTaskException(String text) {
            super(text);
        }
    }

    private byte[] run(ServerTask task) throws OnTaskException {
        ServerListener listener = listeners.tasks();
        if (listener == null) {
            throw new OnTaskException("no @ServerEvents listener has onTask");
        }
        try {
            byte[] result = listener.onTask(server(), task);
            int most = post.limits().maxSize();
            if (result != null && result.length > most) {
                throw new OnTaskException(
                        "its result has " + result.length + " bytes, at most " + most + " (messages.maxSize)");
            }
            return result == null ? EMPTY : result;
        } catch (OutOfMemoryError | LifeEndError | OnTaskException e) {
            throw e;
        } catch (Throwable e) {
            report(listener, "onTask", "an immediate task of slot " + task.source(), e);
            throw new OnTaskException(FailedBoot.describe(e));
        }
    }

    /// Whether immediate tasks of this process run in it: it is a task worker.
    boolean runsInline() {
        return role == Role.TASK;
    }

    /// Runs a task of this process in this process, on the calling thread.
    byte[] runInline(long id, byte[] data) throws OnTaskException {
        turn.lock();
        try {
            return run(new ServerTask(id, slotNumber(), data));
        } finally {
            turn.unlock();
        }
    }

    private int slotNumber() {
        return server().workerId();
    }

    /// Tells the listeners that a task has ended, soon, on a thread of the lane. Without listeners that want to
    /// know, or after [#finish], a failure is logged.
    void ended(ServerTaskResult result) {
        synchronized (ends) {
            if (listeners.takeResults() && !finished) {
                ends.add(Optional.of(result));
                if (finisher == null) {
                    finisher = start("muster-finish", this::tellEnds);
                }
                return;
            }
        }
        if (!result.succeeded()) {
            LoggerFactory.getLogger("dev.muster.worker")
                    .warn(
                            "immediate task {} failed, and {} to hear of it: {}",
                            result.id(),
                            listeners.takeResults()
                                    ? "this process ends without an onFinish"
                                    : "no listener has onFinish",
                            result.failure());
        }
    }

    private void tellEnds() {
        while (true) {
            try {
                Optional<ServerTaskResult> next = ends.take();
                if (next.isEmpty()) {
                    return;
                }
                ServerTaskResult result = next.get();
                event(
                        "finish-" + result.id(),
                        "onFinish of task " + result.id(),
                        () -> told(
                                "onFinish",
                                "the end of task " + result.id(),
                                (listener, around) -> listener.onFinish(around, result)));
            } catch (InterruptedException _) {
                // Nobody has a reason to; the next end is told.
            }
        }
    }

    private Server server() {
        Server around = server;
        if (around == null) {
            throw new IllegalStateException("an event before the boot has come to it");
        }
        return around;
    }

    private static void report(ServerListener listener, String event, String of, Throwable failure) {
        LoggerFactory.getLogger(listener.getClass()).error("{} failed for {}", event, of, failure);
    }
}
