package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.scan.ScheduleDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses the one worker that serves the schedules of the application, and tells it. When that one ends, hangs or is
/// replaced, another one is told in the same turn; as long as it works, it stays the one. A worker that is told twice,
/// or too late, does no harm: the store serves each instant once.
///
/// **Threads:** belongs to the master's loop.
final class TimeDesk {
    /// Says it to a process.
    interface Teller {
        /// @param schedules see [dev.muster.control.Message.KeepTime]
        void tell(int life, List<Map<String, String>> schedules);
    }

    private final Generations generations;
    private final Teller teller;
    /// From when on the instants of a schedule count, if the store knows nothing of it yet: since this master has
    /// first seen it in the code or the configuration.
    private final Map<String, Long> since = new HashMap<>();
    /// The process that was told, 0 for none.
    private int keeper;
    /// Whose schedules it was told.
    private int told;

    TimeDesk(Generations generations, Teller teller) {
        this.generations = generations;
        this.teller = teller;
    }

    /// Looks at the state that a turn of the loop has led to.
    void turned(SupervisorState state) {
        boolean running = state.phase() == SupervisorState.Phase.RUNNING;
        int generation = running ? state.generation() : 0;
        Life chosen = running ? choose(state, keeper) : null;
        int life = chosen == null ? 0 : chosen.number();
        if (life == keeper && (generation == told || life == 0)) {
            return;
        }
        List<Map<String, String>> schedules = running ? schedules(generation) : List.of();
        if (keeper != 0 && (keeper != life || schedules.isEmpty())) {
            teller.tell(keeper, List.of());
        }
        if (life != 0 && !schedules.isEmpty()) {
            teller.tell(life, schedules);
        }
        keeper = life;
        told = generation;
    }

    /// What is to be said about a slot, empty if nothing is.
    String of(SupervisorState state, int slot) {
        Role role = state.slots().get(slot).spec().role();
        if (role != Role.TASK && role != Role.POOL || state.phase() != SupervisorState.Phase.RUNNING) {
            return "";
        }
        List<String> names = served(state.generation()).stream()
                .map(ScheduleDeclaration::name)
                .toList();
        if (names.isEmpty()) {
            return "";
        }
        if (keeper == 0) {
            return "nobody serves the schedules " + String.join(", ", names) + ": no task worker or pool worker works";
        }
        Life present = state.slots().get(slot).present();
        return present != null && present.number() == keeper
                ? "it serves the schedules " + String.join(", ", names) + " of the application"
                : "";
    }

    /// The worker that is to serve them: the one that does, while it works; else the first that works, else the
    /// first that could and is paused, since a task can be enqueued meanwhile. Null if there is none.
    private static @Nullable Life choose(SupervisorState state, int keeper) {
        Life paused = null;
        Life first = null;
        for (Slot slot : state.slots()) {
            Life present = slot.present();
            boolean runsTasks = slot.spec().role() == Role.TASK || slot.spec().role() == Role.POOL;
            if (present == null || !runsTasks || slot.spec().spare()) {
                continue;
            }
            boolean works = present.state() == SlotState.RUNNING;
            boolean rests = present.state() == SlotState.READY && slot.paused();
            if (present.number() == keeper && (works || rests)) {
                return present;
            }
            first = first == null && works ? present : first;
            paused = paused == null && rests ? present : paused;
        }
        return first != null ? first : paused;
    }

    private List<ScheduleDeclaration> served(int generation) {
        return generations.get(generation).map().schedules().stream()
                .filter(ScheduleDeclaration::enabled)
                .toList();
    }

    private List<Map<String, String>> schedules(int generation) {
        List<Map<String, String>> maps = new ArrayList<>();
        long now = System.currentTimeMillis();
        Map<String, Long> before = Map.copyOf(since);
        since.clear();
        for (ScheduleDeclaration schedule : served(generation)) {
            long from = before.getOrDefault(schedule.name(), now);
            since.put(schedule.name(), from);
            Map<String, String> map = schedule.toMap();
            map.put("since", Long.toString(from));
            maps.add(map);
        }
        return maps;
    }
}
