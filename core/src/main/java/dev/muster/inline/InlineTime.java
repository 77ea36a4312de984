package dev.muster.inline;

import dev.muster.scan.Declaration;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.worker.InlineLife;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses the worker that serves the schedules, and tells it; when its life is over, another one is.
///
/// **Threads:** guarded by the lock of [Supervision].
final class InlineTime {
    private final List<Map<String, String>> schedules = new ArrayList<>();
    private @Nullable InlineLife keeper;

    /// @param declared those that are not enabled are left out
    InlineTime(List<ScheduleDeclaration> declared) {
        String since = Long.toString(System.currentTimeMillis());
        for (ScheduleDeclaration schedule : declared) {
            if (schedule.enabled()) {
                Map<String, String> map = schedule.toMap();
                map.put("since", since);
                schedules.add(map);
            }
        }
    }

    /// Looks at the slots.
    void look(List<InlineSlot> slots) {
        InlineLife chosen = null;
        for (InlineSlot slot : slots) {
            InlineLife life = slot.life;
            boolean works =
                    slot.state == InlineSlot.State.RUNNING && slot.place.declaration() instanceof Declaration.Workers;
            if (life != null && works && (chosen == null || life == keeper)) {
                chosen = life;
            }
        }
        if (chosen == keeper || schedules.isEmpty()) {
            return;
        }
        if (chosen != null) {
            chosen.keepTime(schedules);
        }
        keeper = chosen;
    }
}
