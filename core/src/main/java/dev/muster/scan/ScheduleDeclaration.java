package dev.muster.scan;

import dev.muster.schedule.Recurrence;
import java.util.LinkedHashMap;
import java.util.Map;

/// A task that is enqueued again and again.
///
/// @param name of the schedule
/// @param task the name of the task
/// @param queue where its tasks are put; empty for the queue of the task
/// @param cron the expression, empty if it has an interval
/// @param everyMillis the interval, 0 if it has an expression
/// @param zone in which the expression is meant, empty for UTC
/// @param missed SKIP, ONCE or ALL
/// @param param the arguments, a JSON array; empty for none
/// @param enabled whether it is served
public record ScheduleDeclaration(
        String name,
        String task,
        String queue,
        String cron,
        long everyMillis,
        String zone,
        String missed,
        String param,
        boolean enabled) {

    /// The longest name: what makes an id of a task out of it and an instant has 64 characters at most.
    public static final int MAX_NAME = 40;

    /// Its instants.
    public Recurrence recurrence() {
        return cron.isEmpty() ? Recurrence.every(everyMillis) : Recurrence.cron(cron, zone);
    }

    /// As a map of strings, for the way to a child.
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("task", task);
        map.put("queue", queue);
        map.put("cron", cron);
        map.put("every", Long.toString(everyMillis));
        map.put("zone", zone);
        map.put("missed", missed);
        map.put("param", param);
        map.put("enabled", Boolean.toString(enabled));
        return map;
    }

    /// Reads what [#toMap()] wrote.
    public static ScheduleDeclaration of(Map<String, String> map) {
        return new ScheduleDeclaration(
                map.getOrDefault("name", ""),
                map.getOrDefault("task", ""),
                map.getOrDefault("queue", ""),
                map.getOrDefault("cron", ""),
                Long.parseLong(map.getOrDefault("every", "0")),
                map.getOrDefault("zone", ""),
                map.getOrDefault("missed", "ONCE"),
                map.getOrDefault("param", ""),
                Boolean.parseBoolean(map.getOrDefault("enabled", "true")));
    }
}
