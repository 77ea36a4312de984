package dev.muster.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Finds the keys that environment variables set: `MUSTER_TASKS_SQLITE_FILE` is `tasks.sqlite.file`. Underscores
/// stand for dots or for nothing, and case does not matter, so `MUSTER_TASKS_ONCRASH` and `MUSTER_TASKS_ON_CRASH`
/// are the same.
///
/// A variable without a value counts as not set. A variable of an unknown section is somebody else's and ignored.
final class EnvironmentVariables {
    private static final String PREFIX = "MUSTER_";

    private EnvironmentVariables() {}

    /// Returns the entries in the order of the variables' names.
    static List<Entry> read(Map<String, String> environment) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            String value = variable.getValue().strip();
            int sectionEnd = name.indexOf('_', PREFIX.length());
            if (!name.startsWith(PREFIX) || sectionEnd < 0 || value.isEmpty()) {
                continue;
            }
            String section = Names.fold(name.substring(PREFIX.length(), sectionEnd));
            if (Keys.ownsSection(section)) {
                String key = key(name.substring(PREFIX.length()), section, name.substring(sectionEnd + 1));
                entries.add(new Entry(key, value, "environment " + name));
            }
        }
        return entries;
    }

    /// The key that is meant; of an unknown one the best guess at its spelling, which the loader refuses.
    private static String key(String whole, String section, String rest) {
        String folded = Names.fold(whole);
        for (Key key : Keys.all()) {
            if (!key.wildcard() && Names.fold(key.pattern()).equals(folded)) {
                return key.pattern();
            }
        }
        for (int cut = rest.indexOf('_'); cut > 0; cut = rest.indexOf('_', cut + 1)) {
            Optional<Key> key = named(section, Names.fold(rest.substring(cut + 1)));
            if (key.isPresent()) {
                String name = rest.substring(0, cut);
                return key.get().prefix()
                        + (key.get().forRole() ? Names.fold(name) : name)
                        + key.get().suffix();
            }
        }
        if (named(section, "").isPresent()) {
            return section + "." + Names.fold(rest);
        }
        return section + "." + rest.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /// The key of the section with a name and this folded value behind it.
    private static Optional<Key> named(String section, String value) {
        for (Key key : Keys.all()) {
            boolean sameSection = key.wildcard() && key.prefix().equals(section + ".");
            if (sameSection && Names.fold(key.suffix()).equals(value)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
