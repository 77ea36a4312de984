package dev.muster.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Lays file, environment and options over each other, checks every entry against the table, and collects what is
/// wrong. What lies higher wins; within one layer two entries for the same value contradict each other.
final class Layers {
    private final List<ConfigurationError> errors;
    private final Map<String, Entry> values = new LinkedHashMap<>();

    Layers(List<ConfigurationError> errors) {
        this.errors = errors;
    }

    /// The entries that hold, by their key in its usual spelling; keys and values in the form that [Settings]
    /// keeps.
    Map<String, Entry> values() {
        return values;
    }

    /// Lays entries over what is there.
    ///
    /// @param lastWins whether the same key may come again within this layer
    void add(List<Entry> entries, boolean lastWins) {
        Map<String, Entry> written = new LinkedHashMap<>();
        Map<String, Entry> layer = new LinkedHashMap<>();
        for (Entry entry : entries) {
            Optional<Entry> checked = check(entry);
            if (checked.isEmpty()) {
                continue;
            }
            String key = checked.get().key();
            Entry before = written.put(key, entry);
            if (before != null && !(lastWins && before.key().equals(entry.key()))) {
                String legal = "contradicts " + before.key() + " = " + before.value() + " (" + before.origin()
                        + "): leave one of them out";
                errors.add(entry.error(legal, ""));
            }
            layer.put(key, checked.get());
        }
        layer.forEach(this::lay);
    }

    /// A name from the environment is in capitals: it means the one name below it that folds alike, and is itself
    /// covered by such a name.
    private void lay(String key, Entry entry) {
        List<String> alike = new ArrayList<>();
        for (String present : values.keySet()) {
            if (!present.equals(key) && alike(key, present)) {
                alike.add(present);
            }
        }
        Optional<String> name = Keys.find(key).flatMap(k -> k.nameIn(key));
        boolean loose = name.isPresent() && Names.fromEnvironment(name.get());
        if (loose && alike.size() == 1) {
            values.put(alike.getFirst(), new Entry(alike.getFirst(), entry.value(), entry.origin()));
            return;
        }
        for (String present : alike) {
            if (Keys.find(present)
                    .flatMap(k -> k.nameIn(present))
                    .filter(Names::fromEnvironment)
                    .isPresent()) {
                values.remove(present);
            }
        }
        values.put(key, entry);
    }

    private static boolean alike(String key, String other) {
        Optional<Key> row = Keys.find(key);
        if (row.isEmpty() || !row.equals(Keys.find(other)) || !row.get().wildcard()) {
            return false;
        }
        String name = row.get().nameIn(key).orElseThrow();
        String otherName = row.get().nameIn(other).orElseThrow();
        return Names.fold(name).equals(Names.fold(otherName));
    }

    /// The entry under its usual key with its canonical value, empty if it was refused.
    private Optional<Entry> check(Entry entry) {
        Optional<Key> row = Keys.find(entry.key());
        if (row.isEmpty()) {
            errors.add(unknown(entry));
            return Optional.empty();
        }
        String name = row.get().nameIn(entry.key()).orElse("");
        Optional<String> refusal = row.get().wildcard() ? Keys.refuseName(row.get(), name) : Optional.empty();
        if (refusal.isPresent()) {
            String suggestion = Nearest.of(entry.key(), candidates(entry.key())).orElse("");
            errors.add(entry.error("'" + name + "' must be " + refusal.get(), suggestion));
            return Optional.empty();
        }
        Optional<String> value = row.get().type().canonical(entry.value());
        if (value.isEmpty()) {
            errors.add(entry.error("must be " + row.get().type().legal(), ""));
            return Optional.empty();
        }
        return Optional.of(new Entry(row.get().meaningFor(name), value.get(), entry.origin()));
    }

    private static ConfigurationError unknown(Entry entry) {
        int dot = entry.key().indexOf('.');
        String section = dot < 0 ? entry.key() : entry.key().substring(0, dot);
        List<String> legal = new ArrayList<>();
        for (Key key : Keys.all()) {
            if (key.prefix().equals(section + ".")) {
                legal.add(key.pattern());
            }
        }
        String text = legal.isEmpty()
                ? "no such key; the sections are " + String.join(", ", Keys.sections())
                : "no such key; this section has " + String.join(", ", legal);
        return entry.error(
                text, Nearest.of(entry.key(), candidates(entry.key())).orElse(""));
    }

    /// All keys that could be meant, with the names that the written key has.
    private static Set<String> candidates(String written) {
        Set<String> candidates = new LinkedHashSet<>();
        int first = written.indexOf('.');
        int last = written.lastIndexOf('.');
        for (Key key : Keys.all()) {
            if (!key.wildcard()) {
                candidates.add(key.pattern());
            } else if (key.forRole()) {
                Keys.rolesOf(key).forEach(role -> candidates.add(key.prefix() + role + key.suffix()));
            } else if (first > 0 && last > first + 1) {
                candidates.add(key.prefix() + written.substring(first + 1, last) + key.suffix());
            }
        }
        return candidates;
    }
}
