package dev.muster.supervise;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.Role;
import dev.muster.os.Natives;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the application is doing, read off the state. A pure function: every rule of readiness stands here.
final class HealthReport {
    /// So many slots are named; the rest is counted.
    private static final int NAMED = 3;

    private HealthReport() {}

    /// @param awaited the slots that have not been ready since the start; empty once all have been
    static Health of(SupervisorState state, Set<Integer> awaited) {
        int generation = state.generation();
        if (state.phase() == SupervisorState.Phase.STOPPING || state.phase() == SupervisorState.Phase.ENDED) {
            return new Health(Status.STOPPING, "a stop was ordered", awaited.isEmpty(), false, generation);
        }
        List<Slot> troubled =
                state.slots().stream().filter(HealthReport::troubled).toList();
        String lost = lostRole(state);
        List<String> reasons = new ArrayList<>();
        if (!lost.isEmpty()) {
            reasons.add(lost);
        }
        if (!awaited.isEmpty()) {
            List<Slot> missing = state.slots().stream()
                    .filter(slot -> awaited.contains(slot.number()))
                    .toList();
            reasons.add("starting, not ready yet: " + named(missing));
        }
        if (!troubled.isEmpty()) {
            reasons.add("in trouble: " + named(troubled));
        }
        List<Slot> stalled =
                state.slots().stream().filter(HealthReport::stalled).toList();
        if (!stalled.isEmpty()) {
            reasons.add("idle although tasks are ready: " + named(stalled));
        }
        Reload reload = state.reload();
        if (reload != null) {
            reasons.add(reload.undone() ? "a reload is being undone: " + reload.failure() : "a reload is under way");
        }
        if (!Natives.available()) {
            reasons.add("without native calls: " + Natives.degraded());
        }
        Status status = reload != null
                ? Status.RELOADING
                : troubled.isEmpty() && stalled.isEmpty() ? Status.OK : Status.DEGRADED;
        return new Health(
                status, String.join("; ", reasons), awaited.isEmpty(), awaited.isEmpty() && lost.isEmpty(), generation);
    }

    private static boolean troubled(Slot slot) {
        return slot.lives().stream().anyMatch(life -> life.state() == SlotState.UNKILLABLE)
                || slot.state() == SlotState.QUARANTINE
                || comingUp(slot) && slot.history().failures() > 0;
    }

    private static boolean stalled(Slot slot) {
        Life present = slot.present();
        return present != null && !present.stall().isEmpty();
    }

    /// A slot in quarantine is tried now and then: a try under way is not yet a success.
    private static boolean lost(Slot slot) {
        return slot.history().quarantined() && comingUp(slot) || slot.state() == SlotState.QUARANTINE;
    }

    private static boolean comingUp(Slot slot) {
        return switch (slot.state()) {
            case BACKOFF, SPAWNING, STARTING, BOOTING -> true;
            case STOPPED, READY, RUNNING, SUSPECT, STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE, QUARANTINE ->
                false;
        };
    }

    /// The first role of which more than half is in quarantine or takes no tasks, in words; empty if there is none.
    /// The console does not count: it works for nobody but those who ask.
    private static String lostRole(SupervisorState state) {
        Map<Role, int[]> counts = new EnumMap<>(Role.class);
        for (Slot slot : state.slots()) {
            if (slot.spec().role() != Role.CONSOLE && slot.state() != SlotState.STOPPED) {
                int[] count = counts.computeIfAbsent(slot.spec().role(), _ -> new int[3]);
                count[0]++;
                count[1] += lost(slot) ? 1 : 0;
                count[2] += stalled(slot) ? 1 : 0;
            }
        }
        for (Map.Entry<Role, int[]> entry : counts.entrySet()) {
            int[] count = entry.getValue();
            String slots =
                    " of " + count[0] + " slots of the role " + entry.getKey().word();
            if (2 * count[1] > count[0]) {
                return count[1] + slots + " are in quarantine";
            }
            if (2 * (count[1] + count[2]) > count[0]) {
                return count[1] + count[2] + slots + " are in quarantine, or idle although tasks are ready";
            }
        }
        return "";
    }

    private static String named(List<Slot> slots) {
        StringBuilder text = new StringBuilder();
        for (Slot slot : slots.subList(0, Math.min(NAMED, slots.size()))) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(slot.spec().name())
                    .append(' ')
                    .append(slot.state());
        }
        return slots.size() <= NAMED
                ? text.toString()
                : text.append(" and ")
                        .append(slots.size() - NAMED)
                        .append(" more")
                        .toString();
    }
}
