package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.control.Announcements;
import dev.muster.control.Message;
import dev.muster.control.Message.Occasion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Chooses the worker whose listeners are told what happens to the application: the web worker that works in the lowest
/// slot, else the task worker, else the pool worker.
///
/// **Threads:** belongs to the master's loop.
final class ListenerDesk implements Announcements.Listening<Integer> {
    /// Says it to a process.
    interface Teller {
        void tell(int life, Message.Announcement message);
    }

    private final Generations generations;
    private final Teller teller;
    private final Announcements<Integer> announcements;
    private SupervisorState seen;
    private boolean listened;

    /// @param beginning the state before the first turn
    /// @param warn takes a line for people
    ListenerDesk(Generations generations, SupervisorState beginning, Teller teller, Consumer<String> warn) {
        this.generations = generations;
        this.seen = beginning;
        this.listened = listened(beginning);
        this.teller = teller;
        this.announcements = new Announcements<>(this, warn);
    }

    /// Looks at the state that a turn of the loop has led to.
    void turned(SupervisorState state) {
        seen = state;
        listened = listened(state);
        if (listened) {
            announcements.look();
        }
    }

    /// The application begins to stop: told at once, by the state before, because those who are told to end in this
    /// same turn do not work any more in the state after it.
    void stopping() {
        if (listened) {
            announcements.happened(Occasion.SHUTDOWN);
            announcements.look();
        }
    }

    /// A reload has succeeded.
    void reloaded(Generation generation) {
        if (!generation.map().listeners().isEmpty()) {
            announcements.happened(Occasion.RELOAD);
        }
    }

    /// A process has ended.
    void ended(Roster.Place place, Effect.Bury end) {
        if (place.spec().role() != Role.CONSOLE && WorkerFailure.is(end.reason()) && listened) {
            announcements.failed(new WorkerFailure(
                    end.slot(),
                    place.spec().role(),
                    place.name(),
                    end.pid(),
                    end.reason(),
                    end.signal() != 0 ? -1 : end.code(),
                    end.signal()));
        }
    }

    /// The listeners of a process know.
    void told(long number) {
        announcements.told(number);
    }

    private boolean listened(SupervisorState state) {
        return !generations.get(state.generation()).map().listeners().isEmpty();
    }

    @Override
    public Optional<Integer> choose(boolean newest) {
        List<Slot> candidates = new ArrayList<>();
        boolean someNew = false;
        for (Slot slot : seen.slots()) {
            Life present = slot.present();
            Role role = slot.spec().role();
            boolean listens = role == Role.WEB || role == Role.TASK || role == Role.POOL;
            if (present != null && listens && !slot.spec().spare() && present.hopeful()) {
                candidates.add(slot);
                someNew |= present.generation() == seen.generation();
            }
        }
        boolean onlyNew = newest && someNew;
        return candidates.stream()
                .filter(ListenerDesk::works)
                .sorted(Comparator.comparing((Slot slot) -> slot.spec().role()).thenComparingInt(Slot::number))
                .flatMap(slot -> Optional.ofNullable(slot.present()).stream())
                .filter(present -> !onlyNew || present.generation() == seen.generation())
                .map(Life::number)
                .findFirst();
    }

    /// One that is paused has come to rest, and still hears.
    private static boolean works(Slot slot) {
        return slot.state() == SlotState.RUNNING || slot.state() == SlotState.READY && slot.paused();
    }

    @Override
    public boolean lives(Integer process) {
        return seen.life(process) != null;
    }

    @Override
    public void tell(Integer process, Message.Announcement message) {
        teller.tell(process, message);
    }
}
