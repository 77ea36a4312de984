package dev.muster.scan;

import java.util.LinkedHashMap;
import java.util.Map;

/// A method that task messages may reach.
///
/// @param name the task's name
/// @param className binary name of the class
/// @param methodName the method
/// @param descriptor the method's descriptor, so that overloads stay apart
/// @param isStatic whether it needs no instance
/// @param queue its queue, empty for `tasks.queue`
/// @param timeoutMillis limit of an attempt, 0 for the default
/// @param attempts executions in total
/// @param onCrash RETRY or DEAD, empty for `tasks.onCrash`
public record TaskDeclaration(
        String name,
        String className,
        String methodName,
        String descriptor,
        boolean isStatic,
        String queue,
        long timeoutMillis,
        int attempts,
        String onCrash) {

    /// As a map of strings, for the way to a child.
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("class", className);
        map.put("method", methodName);
        map.put("descriptor", descriptor);
        map.put("static", Boolean.toString(isStatic));
        map.put("queue", queue);
        map.put("timeout", Long.toString(timeoutMillis));
        map.put("attempts", Integer.toString(attempts));
        map.put("onCrash", onCrash);
        return map;
    }

    /// Reads what [#toMap()] wrote.
    public static TaskDeclaration of(Map<String, String> map) {
        return new TaskDeclaration(
                map.getOrDefault("name", ""),
                map.getOrDefault("class", ""),
                map.getOrDefault("method", ""),
                map.getOrDefault("descriptor", ""),
                Boolean.parseBoolean(map.getOrDefault("static", "false")),
                map.getOrDefault("queue", ""),
                Long.parseLong(map.getOrDefault("timeout", "0")),
                Integer.parseInt(map.getOrDefault("attempts", "1")),
                map.getOrDefault("onCrash", "RETRY"));
    }
}
