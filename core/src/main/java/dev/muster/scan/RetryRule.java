package dev.muster.scan;

import dev.muster.config.Durations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What `@Retry` says about a task whose attempt has failed. All times are milliseconds.
///
/// @param base longest wait before the second attempt, [#UNSET] for that of the application
/// @param factor by which the longest wait grows with each attempt, 1 to 100
/// @param cap above which it does not grow, [#UNSET] for that of the application
/// @param delays the waits one after the other, the last of which repeats; empty for waits that grow
/// @param within for how long after the beginning of the first attempt another one may begin, 0 for ever
/// @param exceptions what becomes of a task that throws this exception or a subclass, by the binary name of its class
public record RetryRule(
        long base, double factor, long cap, List<Long> delays, long within, Map<String, Then> exceptions) {
    /// The time is that of the application.
    public static final long UNSET = -1;

    /// Of a task that says nothing: waits that grow as the application says, whatever is thrown.
    public static final RetryRule NONE = new RetryRule(UNSET, 2, UNSET, List.of(), 0, Map.of());

    /// What becomes of a task after an exception.
    public enum Then {
        /// It comes again while it has attempts left.
        RETRY,
        /// It leaves the store as if it were done.
        DISCARD,
        /// It ends as a dead letter at once.
        DEAD
    }

    /// @throws IllegalArgumentException if the numbers make no sense
    public RetryRule {
        boolean bounded = base == UNSET || cap == UNSET || base <= cap;
        if (base < UNSET || cap < UNSET || !bounded || !(factor >= 1 && factor <= 100)) {
            throw new IllegalArgumentException("retry delays need 0 <= base <= cap and a factor of 1 to 100, got base "
                    + base + " ms, cap " + cap + " ms, factor " + factor);
        }
        delays = List.copyOf(delays);
        exceptions = Map.copyOf(exceptions);
    }

    /// The same where nothing is left open. What is written here beats what the application says: a longer base
    /// lifts its cap, a shorter cap lowers its base.
    ///
    /// @param applicationBase as `tasks.retry.base`
    /// @param applicationCap as `tasks.retry.cap`
    public RetryRule resolved(long applicationBase, long applicationCap) {
        long first = base != UNSET ? base : cap == UNSET ? applicationBase : Math.min(applicationBase, cap);
        long most = cap != UNSET ? cap : Math.max(applicationCap, first);
        return new RetryRule(first, factor, most, delays, within, exceptions);
    }

    /// As a map of strings; what is as in [#NONE] is left out.
    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        put(map, "base", base, NONE.base);
        if (factor != NONE.factor) {
            map.put("factor", Double.toString(factor));
        }
        put(map, "cap", cap, NONE.cap);
        List<String> waits = new ArrayList<>();
        delays.forEach(delay -> waits.add(Durations.text(delay)));
        if (!waits.isEmpty()) {
            map.put("delays", String.join(",", waits));
        }
        put(map, "within", within, NONE.within);
        new TreeMap<>(exceptions)
                .forEach((type, then) -> map.merge(then.name(), type, (all, more) -> all + "," + more));
        return map;
    }

    private static void put(Map<String, String> map, String name, long millis, long usual) {
        if (millis != usual) {
            map.put(name, Durations.text(millis));
        }
    }

    /// Reads what [#toMap()] wrote.
    static RetryRule of(Map<String, String> map) {
        List<Long> delays = new ArrayList<>();
        for (String delay : list(map, "delays")) {
            delays.add(millis(delay));
        }
        Map<String, Then> exceptions = new LinkedHashMap<>();
        for (Then then : Then.values()) {
            for (String type : list(map, then.name())) {
                exceptions.put(type, then);
            }
        }
        return new RetryRule(
                map.containsKey("base") ? millis(map.get("base")) : NONE.base,
                Double.parseDouble(map.getOrDefault("factor", Double.toString(NONE.factor))),
                map.containsKey("cap") ? millis(map.get("cap")) : NONE.cap,
                delays,
                millis(map.getOrDefault("within", "0")),
                exceptions);
    }

    private static List<String> list(Map<String, String> map, String name) {
        String text = map.getOrDefault(name, "");
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    private static long millis(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("a retry rule has the duration '" + text + "'"));
    }
}
