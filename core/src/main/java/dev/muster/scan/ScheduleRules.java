package dev.muster.scan;

import dev.muster.config.Durations;
import dev.muster.schedule.Recurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Turns `@Schedule` on task methods into declarations.
final class ScheduleRules {
    private final Rules rules;
    private final Map<String, ScheduleDeclaration> byName = new TreeMap<>();

    ScheduleRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@Schedule", sources, findings, ownFactory);
    }

    /// Reads one class.
    void read(ClassFacts type) {
        for (MethodFacts method : type.methods()) {
            for (AnnotationFacts annotation : method.annotations()) {
                if (annotation.descriptor().equals(AnnotationFacts.SCHEDULE) && method.written()) {
                    method.annotation(AnnotationFacts.TASK)
                            .ifPresentOrElse(
                                    task -> add(type, method, task, annotation),
                                    () -> rules.error(
                                            method.place(),
                                            "stands on a method that is no task; annotate it with @Task too"));
                }
            }
        }
    }

    /// All schedules that were read, in the order of their names.
    List<ScheduleDeclaration> schedules() {
        return new ArrayList<>(byName.values());
    }

    private void add(ClassFacts type, MethodFacts method, AnnotationFacts task, AnnotationFacts schedule) {
        String place = method.place();
        String name = schedule.text("name", "");
        if (name.isEmpty()) {
            name = task.text("name", "");
        }
        if (name.isEmpty()) {
            name = type.simpleName() + "." + method.name();
        }
        rules.check(place, "name", name, Limits.scheduleName(name));
        List<String> parameters = Descriptors.ofMessage(method.descriptor());
        if (!parameters.isEmpty()) {
            rules.error(
                    place,
                    "cannot pass the parameters (" + String.join(", ", parameters)
                            + "); schedule it in the configuration instead: schedules.NAME.task, .param and .cron");
        }
        String missed = schedule.text("missed", "ONCE");
        if (!List.of("SKIP", "ONCE", "ALL").contains(missed)) {
            rules.error(place, "missed = " + missed + " is unknown to this version; build the class against it");
        }
        ScheduleDeclaration declaration = new ScheduleDeclaration(
                name,
                TaskRules.name(method, task),
                "",
                schedule.text("cron", ""),
                every(place, schedule),
                schedule.text("zone", ""),
                missed,
                "",
                true);
        checkTime(place, declaration, schedule);
        if (byName.putIfAbsent(name, declaration) != null) {
            rules.error(
                    place,
                    "has the name '" + name + "', which another one has too; give each of them a name of its own");
        }
    }

    private long every(String place, AnnotationFacts schedule) {
        String every = schedule.text("every", "");
        if (every.isEmpty()) {
            return 0;
        }
        OptionalLong millis = Durations.parse(every);
        if (millis.isEmpty()) {
            rules.error(place, "every = \"" + every + "\" must be " + Durations.LEGAL);
        }
        return millis.orElse(Recurrence.MIN_EVERY);
    }

    private void checkTime(String place, ScheduleDeclaration declared, AnnotationFacts schedule) {
        String cron = declared.cron();
        String every = schedule.text("every", "");
        if (cron.isEmpty() == every.isEmpty()) {
            rules.error(
                    place,
                    cron.isEmpty()
                            ? "says no time; give it a cron expression or an interval (every)"
                            : "sets both cron = \"" + cron + "\" and every = \"" + every + "\"; keep one of them");
            return;
        }
        if (cron.isEmpty() && !declared.zone().isEmpty()) {
            rules.error(
                    place, "sets zone = \"" + declared.zone() + "\", which an interval does not have; leave it out");
            return;
        }
        try {
            Recurrence _ = declared.recurrence();
        } catch (IllegalArgumentException e) {
            String what = cron.isEmpty() ? "every = \"" + every : "cron = \"" + cron;
            rules.error(place, what + "\" cannot be used: " + e.getMessage());
        }
    }
}
