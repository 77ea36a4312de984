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

    private record Exiting(String pool, Message.RunExiting order) {}

    Estate(Board board) {
        this.board = board;
    }

    /// Takes over what an earlier master had not seen given back.
    void inherit(List<DeadWorker> dead) {
        dead.forEach(this::keep);
    }

    private void keep(DeadWorker dead) {
        tasks.put(dead.incarnation(), dead);
        byte[] entry = FrameCodec.encodeDead(dead);
        if (entry.length <= Board.PENDING_BYTES) {
            board.addPending(dead.incarnation(), entry);
        }
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
            if (worker.place().spec().role() == Role.TASK
                    || worker.place().spec().role() == Role.POOL) {
                worker.send(new Message.Reclaim(dead));
            }
        }
    }

    /// A pool worker died without having run `exiting`.
    void announceExiting(
            String pool, String incarnation, ExitReason reason, @Nullable String task, List<WorkerHandle> living) {
        Message.RunExiting order = new Message.RunExiting(incarnation, reason, task == null ? "" : task, task != null);
        exitings.put(incarnation, new Exiting(pool, order));
        for (WorkerHandle worker : living) {
            if (worker.place().declaration().name().equals(pool)) {
                worker.send(order);
                return;
            }
        }
    }

    /// What a booting worker is to give back before it is ready.
    List<DeadWorker> unclaimed() {
        return List.copyOf(tasks.values());
    }

    /// A worker is ready: it runs what its pool still owes.
    void ready(WorkerHandle worker) {
        for (Exiting exiting : exitings.values()) {
            if (exiting.pool().equals(worker.place().declaration().name())) {
                worker.send(exiting.order());
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

    void exitingRan(String incarnation) {
        exitings.remove(incarnation);
    }
}
