package dev.muster.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An annotation as it stands in a class file: only the values that were written.
///
/// @param descriptor of the annotation type, for example `Ldev/muster/Pool;`
/// @param values by name: `Long`, `Integer`, `Double`, `Boolean` or `String`; an enum constant is its name, a class its
///     binary name, an array a `List` of such
record AnnotationFacts(String descriptor, Map<String, Object> values) {
    static final String USER_PROCESS = "Ldev/muster/UserProcess;";
    static final String POOL = "Ldev/muster/Pool;";
    static final String TASK = "Ldev/muster/task/Task;";
    static final String RETRY = "Ldev/muster/task/Retry;";
    static final String SCHEDULE = "Ldev/muster/task/Schedule;";
    static final String SERVER_EVENTS = "Ldev/muster/ServerEvents;";
    /// Holds several schedules, as their `value`.
    static final String SCHEDULES = "Ldev/muster/task/Schedule$Several;";

    /// What all of them begin with, and the length of the longest.
    static final String COMMON_BEGINNING = "Ldev/muster/";

    static final int LONGEST = SCHEDULES.length();

    AnnotationFacts {
        values = Map.copyOf(values);
    }

    /// Whether the descriptor is one of those that declare something.
    static boolean declares(String descriptor) {
        return descriptor.equals(USER_PROCESS)
                || descriptor.equals(POOL)
                || descriptor.equals(TASK)
                || descriptor.equals(RETRY)
                || descriptor.equals(SCHEDULE)
                || descriptor.equals(SERVER_EVENTS)
                || descriptor.equals(SCHEDULES);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    long number(String name, long otherwise) {
        return values.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        return values.get(name) instanceof Boolean flag ? flag : otherwise;
    }

    String text(String name, String otherwise) {
        return values.get(name) instanceof String text ? text : otherwise;
    }

    double fraction(String name, double otherwise) {
        return values.get(name) instanceof Double fraction ? fraction : otherwise;
    }

    /// The texts of an array, empty if it was not written.
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (values.get(name) instanceof List<?> list) {
            for (Object element : list) {
                texts.add((String) element);
            }
        }
        return texts;
    }
}
