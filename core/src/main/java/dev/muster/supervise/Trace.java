package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// The written form of a supervisor's history: one line for the beginning, one for each event, one for each effect. A
/// trace of a real master, read back, must lead to the same decisions.
///
/// Lines are words separated by blanks, each `name=value`, values percent-encoded. Effects are compared as text and
/// never read back.
final class Trace {
    private static final String EVENT = "event";
    private static final String EFFECT = "effect";

    private Trace() {}

    /// The first line: all that [SupervisorState#of] needs.
    static String beginning(SupervisorState state, int processors) {
        StringJoiner line = new StringJoiner(" ");
        line.add("begin")
                .add(Long.toString(state.now()))
                .add(Long.toString(state.seed()))
                .add(Integer.toString(processors));
        StringJoiner limits = new StringJoiner(",");
        for (RecordComponent part : Limits.class.getRecordComponents()) {
            limits.add(String.valueOf(read(part, state.limits())));
        }
        line.add(limits.toString());
        for (Slot slot : state.slots()) {
            line.add(spec(slot.spec()));
        }
        return line.toString();
    }

    static SupervisorState begin(String line) {
        String[] words = line.split(" ", -1);
        Limits limits = limits(words[4]);
        List<ChildSpec> specs = new ArrayList<>();
        for (int i = 5; i < words.length; i++) {
            specs.add(spec(words[i]));
        }
        return SupervisorState.of(
                limits, specs, Integer.parseInt(words[3]), Long.parseLong(words[2]), Long.parseLong(words[1]));
    }

    private static Limits limits(String word) {
        String[] parts = word.split(",", -1);
        Class<?>[] types = new Class<?>[parts.length];
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = long.class;
            values[i] = Long.parseLong(parts[i]);
        }
        return make(Limits.class, types, values, word);
    }

    private static String spec(ChildSpec spec) {
        Traits traits = spec.traits();
        Recycling recycling = traits.recycling();
        StringJoiner parts = new StringJoiner(",");
        parts.add(Integer.toString(spec.slot()))
                .add(spec.role().name())
                .add(encode(spec.name()))
                .add(encode(spec.group()))
                .add(Boolean.toString(spec.spare()))
                .add(traits.restart().name())
                .add(Boolean.toString(traits.reloadable()))
                .add(Boolean.toString(traits.debugged()))
                .add(Long.toString(recycling.units()))
                .add(Long.toString(recycling.age()))
                .add(Long.toString(recycling.memory()))
                .add(Integer.toString(recycling.gcPercent()));
        return parts.toString();
    }

    private static ChildSpec spec(String word) {
        String[] p = word.split(",", -1);
        Recycling recycling = new Recycling(
                Long.parseLong(p[8]), Long.parseLong(p[9]), Long.parseLong(p[10]), Integer.parseInt(p[11]));
        Traits traits = new Traits(
                RestartPolicy.valueOf(p[5]), Boolean.parseBoolean(p[6]), Boolean.parseBoolean(p[7]), recycling);
        return new ChildSpec(
                Integer.parseInt(p[0]),
                Role.valueOf(p[1]),
                decode(p[2]),
                decode(p[3]),
                Boolean.parseBoolean(p[4]),
                traits);
    }

    static String line(Event event) {
        StringJoiner line = new StringJoiner(" ");
        line.add(EVENT).add(event.getClass().getSimpleName());
        for (RecordComponent part : event.getClass().getRecordComponents()) {
            Object value = read(part, event);
            String text = value instanceof ChildSpec spec ? spec(spec) : String.valueOf(value);
            line.add(part.getName() + "=" + encode(text));
        }
        return line.toString();
    }

    static String line(Effect effect) {
        return EFFECT + " " + encode(effect.toString());
    }

    static boolean isEvent(String line) {
        return line.startsWith(EVENT + " ");
    }

    static Event event(String line) {
        String[] words = line.split(" ", -1);
        for (Class<?> type : Event.class.getPermittedSubclasses()) {
            if (type.getSimpleName().equals(words[1])) {
                return event(type, words);
            }
        }
        throw new IllegalArgumentException("unknown event in the trace: " + line);
    }

    private static Event event(Class<?> type, String[] words) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types = new Class<?>[parts.length];
        Object[] values = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            types[i] = parts[i].getType();
            String word = words[2 + i];
            values[i] = value(types[i], decode(word.substring(word.indexOf('=') + 1)));
        }
        return (Event) make(type, types, values, String.join(" ", words));
    }

    private static Object read(RecordComponent part, Object record) {
        try {
            return part.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read the parts of " + record, e);
        }
    }

    private static <T> T make(Class<T> type, Class<?>[] types, Object[] values, String text) {
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot read back " + text, e);
        }
    }

    private static Object value(Class<?> type, String text) {
        if (type == long.class) {
            return Long.parseLong(text);
        }
        if (type == int.class) {
            return Integer.parseInt(text);
        }
        if (type == boolean.class) {
            return Boolean.parseBoolean(text);
        }
        if (type == ExitReason.class) {
            return ExitReason.valueOf(text);
        }
        if (type == ChildSpec.class) {
            return spec(text);
        }
        return text;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
