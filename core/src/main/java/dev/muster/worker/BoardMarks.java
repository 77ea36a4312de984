package dev.muster.worker;

import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.task.StartMarks;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The start marks of a worker's tasks on the board.
///
/// **Threads:** safe for use by many threads. **Lifetime:** the marks outlive the process.
/// **Failure:** a condemned process starts nothing more: who does not ask waits in [#started] until it is killed.
final class BoardMarks implements StartMarks {
    private final BoardSlot slot;
    private final Silence silence;
    private final CurrentTask current;
    private final UnaryOperator<String> messages;
    private final Consumer<Thread> runners;
    private final Map<Integer, String> ids = new ConcurrentHashMap<>();
    private volatile boolean builtIn;

    /// @param messages the message of a claimed task by its id
    /// @param runners is told which thread runs a task
    BoardMarks(
            BoardSlot slot,
            Silence silence,
            CurrentTask current,
            UnaryOperator<String> messages,
            Consumer<Thread> runners) {
        this.slot = slot;
        this.silence = silence;
        this.current = current;
        this.messages = messages;
        this.runners = runners;
    }

    /// From now on the built-in loop starts the tasks, and each has a deadline of its own. Without this a
    /// hand-written hook starts them, and the heartbeat of the pool governs.
    void builtInLoop() {
        builtIn = true;
    }

    @Override
    public boolean mayStart() {
        return !slot.condemned();
    }

    @Override
    public int started(String id, String label, long limitMillis) {
        Child.awaitPermission(slot);
        runners.accept(Thread.currentThread());
        current.begins(id, messages.apply(id));
        int mark = slot.start(Kind.TASK, id, label, TimeUnit.MILLISECONDS.toNanos(limitMillis));
        ids.put(mark, id);
        if (builtIn) {
            silence.taskStarted();
        }
        return mark;
    }

    @Override
    public void limit(int mark, long limitMillis) {
        slot.extend(mark, TimeUnit.MILLISECONDS.toNanos(limitMillis));
    }

    @Override
    public void finished(int mark, boolean failed) {
        slot.finish(mark, failed);
        String id = ids.remove(mark);
        if (id != null) {
            current.ends(id);
        }
        if (builtIn) {
            silence.taskEnded();
        }
    }

    @Override
    public void settled(int mark) {
        slot.settled(mark);
    }
}
