package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.board.Board;
import dev.muster.board.BoardSlot;
import dev.muster.control.FrameCodec;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What dead workers leave behind: tasks that somebody must give back, and `exiting` calls that they could not run
/// themselves. The master only announces them; living workers act, and each entry stays until one of them has reported
/// success. The tasks also stand on the board, so that they outlive a master that dies before that.
///
/// **Threads:** belongs to the master's loop.
final class Estate {
    private final Board board;
    private final Map<String, DeadWorker> tasks = new LinkedHashMap<>();
    private final Map<String, Exiting> exitings = new LinkedHashMap<>();
    /// Which process, by its number, runs `exiting` for which incarnation now. One at a time: each call may carry a
    /// long text, and all that a pool owes would be more than the connection of one worker takes.
    private final Map<Integer, String> runners = new HashMap<>();

    private record Exiting(String pool, Message.RunExiting order) {}

    Estate(Board board) {
        this.board = board;
    }

    /// Takes over what an earlier master had not seen given back; the board was made with the [#entries] of it.
    void inherit(List<DeadWorker> dead) {
        dead.forEach(each -> tasks.put(each.incarnation(), each));
    }

    private void keep(DeadWorker dead) {
        tasks.put(dead.incarnation(), dead);
        entries(List.of(dead)).forEach(board::addPending);
    }

    /// What a board holds of them: those that it has room for.
    static Map<String, byte[]> entries(List<DeadWorker> all) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (DeadWorker dead : all) {
            byte[] entry = FrameCodec.encodeDead(dead);
            if (entry.length <= Board.PENDING_BYTES) {
                entries.put(dead.incarnation(), entry);
            }
        }
        return entries;
    }

    /// What a board holds of it; entries that cannot be read are left out.
    static List<DeadWorker> written(Board board) {
        List<DeadWorker> dead = new ArrayList<>();
        for (byte[] entry : board.pending().values()) {
            try {
                dead.add(FrameCodec.decodeDead(entry));
            } catch (ProtocolException _) {
                // Its incarnation is not alive: the sweep for everybody finds its claims.
            }
        }
        return dead;
    }

    /// The tasks that a worker was running when it died.
    static List<String> started(BoardSlot slot) {
        List<String> started = new ArrayList<>();
        for (BoardSlot.Mark mark : slot.marks()) {
            if (mark.kind() == BoardSlot.Kind.TASK && !mark.finished()) {
                started.add(mark.id());
            }
        }
        return started;
    }

    /// A worker died: tells all living ones. Giving back twice is harmless, waiting for one that hangs is not.
    void announce(DeadWorker dead, List<WorkerHandle> living) {
        keep(dead);
        for (WorkerHandle worker : living) {
            if (runsTasks(worker)) {
                worker.send(new Message.Reclaim(dead));
            }
        }
    }

    private static boolean runsTasks(WorkerHandle worker) {
        Role role = worker.place().spec().role();
        return role == Role.TASK || role == Role.POOL;
    }

    /// A worker boots: what it is to give back before it is ready.
    List<DeadWorker> welcome(WorkerHandle worker) {
        List<DeadWorker> given = runsTasks(worker) ? List.copyOf(tasks.values()) : List.of();
        worker.given(given);
        return given;
    }

    /// A worker has booted: it is told who has died meanwhile. From now on it is one of the living.
    void booted(WorkerHandle worker) {
        if (!runsTasks(worker)) {
            return;
        }
        for (DeadWorker dead : tasks.values()) {
            if (!worker.given().contains(dead)) {
                worker.send(new Message.Reclaim(dead));
            }
        }
        worker.given(List.of());
    }

    /// A pool worker died without having run `exiting`.
    void announceExiting(
            String pool, String incarnation, ExitReason reason, @Nullable String task, List<WorkerHandle> living) {
        Message.RunExiting order = new Message.RunExiting(incarnation, reason, task == null ? "" : task, task != null);
        exitings.put(incarnation, new Exiting(pool, order));
        exitings(living);
    }

    /// Has these workers run what their pools still owe.
    void exitings(List<WorkerHandle> living) {
        for (WorkerHandle worker : living) {
            if (!runners.containsKey(worker.life())) {
                exiting(worker);
            }
        }
    }

    private void exiting(WorkerHandle worker) {
        for (Map.Entry<String, Exiting> owed : exitings.entrySet()) {
            boolean its =
                    owed.getValue().pool().equals(worker.place().declaration().name());
            if (its && !runners.containsValue(owed.getKey())) {
                runners.put(worker.life(), owed.getKey());
                worker.send(owed.getValue().order());
                return;
            }
        }
    }

    /// Whether the tasks of a dead worker are still to be given back.
    boolean owing() {
        return tasks.keySet().stream().anyMatch(incarnation -> !incarnation.equals(DeadWorker.EVERYBODY));
    }

    /// @return whether this was news
    boolean reclaimed(String incarnation) {
        board.removePending(incarnation);
        return tasks.remove(incarnation) != null;
    }

    /// A worker has run one of them: it can run the next.
    void exitingRan(WorkerHandle worker, String incarnation, List<WorkerHandle> living) {
        exitings.remove(incarnation);
        runners.remove(worker.life(), incarnation);
        exitings(living);
    }

    /// A process is gone: what it has not run is for another one.
    void gone(int life, List<WorkerHandle> living) {
        if (runners.remove(life) != null) {
            exitings(living);
        }
    }
}
