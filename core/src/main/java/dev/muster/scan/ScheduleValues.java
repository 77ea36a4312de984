package dev.muster.scan;

import dev.muster.config.ConfigurationError;
import dev.muster.config.Durations;
import dev.muster.config.JsonArray;
import dev.muster.config.Nearest;
import dev.muster.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Applies the configuration to the schedules that the code declares, and adds those that it declares itself.
final class ScheduleValues {
    private static final String GROUP = "schedules";

    private final List<TaskDeclaration> tasks;
    private final Settings settings;
    private final List<ConfigurationError> errors;

    /// @param errors receives what is wrong
    ScheduleValues(List<TaskDeclaration> tasks, Settings settings, List<ConfigurationError> errors) {
        this.tasks = tasks;
        this.settings = settings;
        this.errors = errors;
    }

    /// All schedules in the order of their names; those with errors may be missing.
    List<ScheduleDeclaration> of(List<ScheduleDeclaration> declared) {
        Map<String, ScheduleDeclaration> byName = new TreeMap<>();
        for (ScheduleDeclaration schedule : declared) {
            byName.put(schedule.name(), effective(schedule));
        }
        for (String name : own(declared)) {
            Optional<String> refusal = Limits.scheduleName(name);
            if (refusal.isPresent()) {
                error(name, "", "the name '" + name + "' must be " + refusal.get(), "");
            } else {
                byName.put(name, effective(new ScheduleDeclaration(name, "", "", "", 0, "", "ONCE", "", true)));
            }
        }
        return new ArrayList<>(byName.values());
    }

    /// The names that stand in keys and mean no schedule of the code.
    private Set<String> own(List<ScheduleDeclaration> declared) {
        Set<String> own = new LinkedHashSet<>();
        for (String name : new LinkedHashSet<>(settings.names(GROUP).values())) {
            List<String> meant = declared.stream()
                    .map(ScheduleDeclaration::name)
                    .filter(each -> Settings.means(name, each))
                    .toList();
            if (meant.size() > 1 && !meant.contains(name)) {
                error(
                        name,
                        "",
                        "names more than one schedule: " + String.join(", ", meant) + "; use the file or --set",
                        "");
            } else if (meant.isEmpty()) {
                own.add(name);
            }
        }
        // What the environment says about a schedule of the file is about that one.
        own.removeIf(name -> own.stream().anyMatch(other -> !other.equals(name) && Settings.means(name, other)));
        return own;
    }

    private ScheduleDeclaration effective(ScheduleDeclaration declared) {
        Overrides set = new Overrides(settings, GROUP, declared.name());
        Optional<String> cron = settings.override(GROUP, declared.name(), "cron");
        Optional<String> every = settings.override(GROUP, declared.name(), "every");
        // One of them in the configuration takes the place of the other one in the code.
        ScheduleDeclaration schedule = new ScheduleDeclaration(
                declared.name(),
                set.text("task", declared.task()),
                set.text("queue", declared.queue()),
                every.isPresent() ? "" : cron.orElse(declared.cron()),
                cron.isPresent()
                        ? 0
                        : every.map(text -> Durations.parse(text).orElseThrow()).orElse(declared.everyMillis()),
                set.text("zone", every.isPresent() ? "" : declared.zone()),
                set.text("missed", declared.missed()),
                set.text("param", declared.param()),
                Boolean.parseBoolean(set.text("enabled", Boolean.toString(declared.enabled()))));
        checkTime(schedule, cron, every);
        return withQueue(schedule);
    }

    private void checkTime(ScheduleDeclaration schedule, Optional<String> cron, Optional<String> every) {
        if (cron.isPresent() && every.isPresent()) {
            error(
                    schedule.name(),
                    "every",
                    "contradicts the cron expression '" + cron.get() + "'; keep one of them",
                    "");
        } else if (schedule.cron().isEmpty() && schedule.everyMillis() == 0) {
            error(
                    schedule.name(),
                    "",
                    "says no time: set schedules." + schedule.name() + ".cron or schedules." + schedule.name()
                            + ".every",
                    "");
        } else if (schedule.cron().isEmpty() && !schedule.zone().isEmpty()) {
            error(schedule.name(), "zone", "an interval has no time zone; leave it out, or set a cron expression", "");
        }
    }

    /// The schedule with the queue of its task, which must exist and take so many arguments.
    private ScheduleDeclaration withQueue(ScheduleDeclaration schedule) {
        Map<String, TaskDeclaration> byName = new LinkedHashMap<>();
        tasks.forEach(task -> byName.put(task.name(), task));
        TaskDeclaration task = byName.get(schedule.task());
        if (task == null) {
            String known = tasks.isEmpty() ? "none" : String.join(", ", byName.keySet());
            String wrong = schedule.task().isEmpty()
                    ? "names no task: set schedules." + schedule.name() + ".task; declared are " + known
                    : "no task '" + schedule.task() + "' is declared; declared are " + known;
            error(
                    schedule.name(),
                    "task",
                    wrong,
                    Nearest.of(schedule.task(), byName.keySet()).orElse(""));
            return schedule;
        }
        List<String> takes = Descriptors.ofMessage(task.descriptor());
        int given = schedule.param().isEmpty()
                ? 0
                : JsonArray.size(schedule.param()).orElse(0);
        if (takes.size() != given) {
            error(
                    schedule.name(),
                    "param",
                    "the task " + task.name() + " takes " + takes.size() + " arguments ("
                            + String.join(", ", takes) + "), the schedule gives " + given
                            + "; set schedules." + schedule.name() + ".param to a JSON array of as many",
                    "");
        }
        return new ScheduleDeclaration(
                schedule.name(),
                schedule.task(),
                schedule.queue().isEmpty() ? task.queue() : schedule.queue(),
                schedule.cron(),
                schedule.everyMillis(),
                schedule.zone(),
                schedule.missed(),
                schedule.param(),
                schedule.enabled());
    }

    /// Notes an error at the key of a value, or at any key of the schedule if it is about none or that one is not
    /// set.
    private void error(String name, String value, String wrong, String suggestion) {
        String key = "";
        for (Map.Entry<String, String> each : settings.names(GROUP).entrySet()) {
            boolean exact = each.getKey().endsWith("." + value);
            if (Settings.means(each.getValue(), name) && (key.isEmpty() || exact)) {
                key = each.getKey();
            }
        }
        boolean set = !key.isEmpty();
        errors.add(new ConfigurationError(
                set ? key : GROUP + "." + name,
                set ? settings.text(key) : "",
                set ? settings.origin(key) : "default",
                wrong,
                suggestion));
    }
}
