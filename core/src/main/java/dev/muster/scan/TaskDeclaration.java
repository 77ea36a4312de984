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
/// @param softTimeoutMillis after which an attempt is interrupted, 0 for never
/// @param attempts executions in total, 0 for as many as fit into the time that `retry` gives
/// @param onCrash RETRY or DEAD, empty for `tasks.onCrash`
/// @param retry what holds when an attempt has failed
public record TaskDeclaration(
        String name,
        String className,
        String methodName,
        String descriptor,
        boolean isStatic,
        String queue,
        long timeoutMillis,
        long softTimeoutMillis,
        int attempts,
        String onCrash,
        RetryRule retry) {
    private static final String RETRY = "retry.";

    /// A task without a soft limit that is tried again as all are.
    public TaskDeclaration(
            String name,
            String className,
            String methodName,
            String descriptor,
            boolean isStatic,
            String queue,
            long timeoutMillis,
            int attempts,
            String onCrash) {
        this(
                name,
                className,
                methodName,
                descriptor,
                isStatic,
                queue,
                timeoutMillis,
                0,
                attempts,
                onCrash,
                RetryRule.NONE);
    }

    /// Tasks are looked up by their declarations again and again; that of a record asks each component anew, which
    /// was a tenth of what a worker spent on an empty task.
    @Override
    public int hashCode() {
        return 31 * className.hashCode() + methodName.hashCode();
    }

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
        map.put("softTimeout", Long.toString(softTimeoutMillis));
        map.put("attempts", Integer.toString(attempts));
        map.put("onCrash", onCrash);
        retry.toMap().forEach((key, value) -> map.put(RETRY + key, value));
        return map;
    }

    /// Reads what [#toMap()] wrote.
    public static TaskDeclaration of(Map<String, String> map) {
        Map<String, String> rule = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key.startsWith(RETRY)) {
                rule.put(key.substring(RETRY.length()), value);
            }
        });
        return new TaskDeclaration(
                map.getOrDefault("name", ""),
                map.getOrDefault("class", ""),
                map.getOrDefault("method", ""),
                map.getOrDefault("descriptor", ""),
                Boolean.parseBoolean(map.getOrDefault("static", "false")),
                map.getOrDefault("queue", ""),
                Long.parseLong(map.getOrDefault("timeout", "0")),
                Long.parseLong(map.getOrDefault("softTimeout", "0")),
                Integer.parseInt(map.getOrDefault("attempts", "1")),
                map.getOrDefault("onCrash", "RETRY"),
                RetryRule.of(rule));
    }
}
