package dev.muster.message;

import dev.muster.MessageException.Reason;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Chooses the task worker for each immediate task: one that does nothing, else the one with the shortest backlog, as
/// their parts of the board show it at this moment.
///
/// **Threads:** any.
final class Dispatcher {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int UNKNOWN = 0;

    private final PostLoop loop;
    private final Routes routes;
    private final IntFunction<BoardSlot> seats;
    private final IntSupplier self;
    private final long patienceNanos;
    private final AtomicInteger turn = new AtomicInteger();
    /// Those whose end this process has not heard of.
    private final Set<TaskCall> underWay = ConcurrentHashMap.newKeySet();

    /// @param seats the parts of the board
    /// @param self the slot of this process
    Dispatcher(PostLoop loop, Routes routes, IntFunction<BoardSlot> seats, IntSupplier self, long patienceNanos) {
        this.loop = loop;
        this.routes = routes;
        this.seats = seats;
        this.self = self;
        this.patienceNanos = patienceNanos;
    }

    long patienceMillis() {
        return TimeUnit.NANOSECONDS.toMillis(patienceNanos);
    }

    /// What a last try has for itself.
    long lastTryNanos() {
        return patienceNanos / Post.LAST_TRY;
    }

    TaskCall submit(byte[] data) {
        TaskCall call = new TaskCall(this, loop, data, System.nanoTime() + patienceNanos);
        boolean _ = underWay.add(call);
        dispatch(call);
        return call;
    }

    /// Its submitter knows how it ended.
    void over(TaskCall call) {
        boolean _ = underWay.remove(call);
    }

    /// This process ends: nobody waits any longer for what is under way.
    void giveUp() {
        underWay.forEach(TaskCall::giveUp);
        loop.interrupt();
    }

    /// Sends the task to the best worker that has not refused it.
    void dispatch(TaskCall call) {
        List<Integer> workers = routes.slots(Role.TASK);
        while (true) {
            Outgoing best = best(call, workers);
            if (best == null) {
                call.exhausted(workers.size());
                return;
            }
            call.goingTo(best.slot());
            if (best.ask(FrameKind.TASK, self.getAsInt(), call.data(), call) != null) {
                // Each time: while a task waits for another try no connection knows of it, and nobody may be looking.
                routes.attend();
                return;
            }
            String why = best.open() ? "it does not read what was sent to it before" : "its connection has ended";
            call.refusedBy(best.slot(), new Refusal(best.open() ? Reason.FULL : Reason.LEAVING, why));
        }
    }

    private @Nullable Outgoing best(TaskCall call, List<Integer> workers) {
        Outgoing best = null;
        int least = Integer.MAX_VALUE;
        // Among equals each has its turn.
        int first = workers.isEmpty() ? 0 : Math.floorMod(turn.getAndIncrement(), workers.size());
        for (int i = 0; i < workers.size(); i++) {
            int slot = workers.get((first + i) % workers.size());
            if (call.refusedBy().contains(slot)) {
                continue;
            }
            try {
                Outgoing route = routes.to(slot);
                int load = load(route);
                if (load < least) {
                    best = route;
                    least = load;
                }
            } catch (UnreachableException e) {
                call.refusedBy(slot, new Refusal(Reason.NOBODY, String.valueOf(e.getMessage())));
            }
        }
        return best;
    }

    private int load(Outgoing route) {
        Outgoing.Seat seat = route.seat();
        if (seat == null) {
            return UNKNOWN + route.unaccepted();
        }
        BoardSlot board = seats.apply(seat.seat());
        int shown = board.life() == seat.life() ? board.busy() + board.backlog() : UNKNOWN;
        return shown + route.unaccepted();
    }

    /// A worker has refused: one that ends has a successor on a new connection.
    void refused(int slot, Refusal why) {
        if (why.reason() == Reason.LEAVING) {
            routes.forget(slot);
        }
    }

    /// Tries once more, a little later.
    void again(TaskCall call) {
        loop.later(PAUSE_NANOS, () -> dispatch(call));
    }
}
