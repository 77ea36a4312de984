package dev.muster.supervise;

import dev.muster.board.Board;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All processes of the application, by their numbers, and the parts of the board that they have.
///
/// **Threads:** belongs to the master's loop.
final class Workers {
    private final Board board;
    private final Map<Integer, WorkerHandle> byLife = new TreeMap<>();
    private final NavigableSet<Integer> freeSeats = new TreeSet<>();
    private int nextSeat;

    Workers(Board board) {
        this.board = board;
    }

    /// A process is to be spawned: it gets the first free part of the board.
    ///
    /// @throws dev.muster.board.BoardException if there is no memory for it
    /// @throws IllegalStateException if the board is full
    WorkerHandle expect(int life, Roster.Place place, Generation generation, String token) {
        Integer free = freeSeats.pollFirst();
        int seat = free == null ? nextSeat : free;
        if (seat >= board.slots()) {
            throw new IllegalStateException("the board has room for " + board.slots() + " processes at a time");
        }
        board.provide(seat);
        nextSeat = Math.max(nextSeat, seat + 1);
        board.slot(seat).reset(life);
        WorkerHandle worker = new WorkerHandle(life, place, generation, seat, board.slot(seat), token);
        byLife.put(life, worker);
        return worker;
    }

    /// A process is gone and buried; its part of the board is free.
    void forget(WorkerHandle worker) {
        worker.gone();
        byLife.remove(worker.life());
        freeSeats.add(worker.seat());
    }

    /// The process with this number, null if it is gone.
    @Nullable
    WorkerHandle find(int life) {
        return byLife.get(life);
    }

    /// The process that does the work of a slot, and what the supervisor knows of it.
    record Present(WorkerHandle worker, Life life) {
        long uptimeMillis() {
            return (System.nanoTime() - life.spawnedAt()) / 1_000_000;
        }
    }

    /// The process that does the work of a slot, empty if there is none.
    Optional<Present> of(Slot slot) {
        Life life = slot.present();
        WorkerHandle worker = life == null ? null : byLife.get(life.number());
        return life == null || worker == null ? Optional.empty() : Optional.of(new Present(worker, life));
    }

    /// Every process, in the order in which they were spawned.
    Collection<WorkerHandle> all() {
        return List.copyOf(byLife.values());
    }

    /// The processes that work, or are about to.
    List<WorkerHandle> working(SupervisorState state) {
        List<WorkerHandle> working = new ArrayList<>();
        for (Slot slot : state.slots()) {
            Life present = slot.present();
            if (present != null && (present.state().active() || present.state() == SlotState.READY)) {
                WorkerHandle worker = byLife.get(present.number());
                if (worker != null) {
                    working.add(worker);
                }
            }
        }
        return working;
    }
}
