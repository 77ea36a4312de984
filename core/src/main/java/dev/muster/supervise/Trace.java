package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
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
        Limits l = state.limits();
        line.add(l.tick() + "," + l.hello() + "," + l.boot() + "," + l.drain() + "," + l.stop() + "," + l.term() + ","
                + l.evidence() + "," + l.kill() + "," + l.silence() + "," + l.shutdownDelay());
        for (Slot slot : state.slots()) {
            ChildSpec spec = slot.spec();
            line.add(spec.role() + "," + encode(spec.name()) + "," + spec.restart());
        }
        return line.toString();
    }

    static SupervisorState begin(String line) {
        String[] words = line.split(" ", -1);
        String[] l = words[4].split(",", -1);
        long[] n = new long[l.length];
        for (int i = 0; i < l.length; i++) {
            n[i] = Long.parseLong(l[i]);
        }
        Limits limits = new Limits(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9]);
        List<ChildSpec> specs = new ArrayList<>();
        for (int i = 5; i < words.length; i++) {
            String[] parts = words[i].split(",", -1);
            specs.add(new ChildSpec(i - 5, Role.valueOf(parts[0]), decode(parts[1]), RestartPolicy.valueOf(parts[2])));
        }
        return SupervisorState.of(
                limits, specs, Integer.parseInt(words[3]), Long.parseLong(words[2]), Long.parseLong(words[1]));
    }

    static String line(Event event) {
        StringJoiner line = new StringJoiner(" ");
        line.add(EVENT).add(event.getClass().getSimpleName());
        try {
            for (RecordComponent part : event.getClass().getRecordComponents()) {
                line.add(part.getName() + "="
                        + encode(String.valueOf(part.getAccessor().invoke(event))));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read the parts of " + event, e);
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
        try {
            return (Event) type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot read back " + String.join(" ", words), e);
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
        return text;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
