package dev.muster.config;

import dev.muster.schedule.Recurrence;
import java.util.List;
import java.util.Map;

/// Refuses times of schedules that cannot be understood, each with the reason.
final class ScheduleChecks {
    private ScheduleChecks() {}

    static void check(Map<String, Entry> values, List<ConfigurationError> errors) {
        for (Entry entry : values.values()) {
            String pattern = Keys.find(entry.key()).map(Key::pattern).orElse("");
            try {
                switch (pattern) {
                    case "schedules.NAME.cron" -> {
                        Recurrence _ = Recurrence.cron(entry.value(), "");
                    }
                    case "schedules.NAME.zone" -> {
                        var _ = Recurrence.zone(entry.value());
                    }
                    case "schedules.NAME.every" -> {
                        Recurrence _ =
                                Recurrence.every(Durations.parse(entry.value()).orElseThrow());
                    }
                    default -> {}
                }
            } catch (IllegalArgumentException e) {
                errors.add(entry.error(String.valueOf(e.getMessage()), ""));
            }
        }
    }
}
