package dev.muster.scan;

import dev.muster.Role;
import dev.muster.config.ConfigurationError;
import dev.muster.config.Durations;
import dev.muster.config.Nearest;
import dev.muster.config.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the configuration says about one declared name. The values have been checked by the loader.
///
/// @param group `pools` or `processes`
record Overrides(Settings settings, String group, String name) {
    String text(String value, String declared) {
        return settings.override(group, name, value).orElse(declared);
    }

    int number(String value, int declared) {
        return settings.override(group, name, value).map(Integer::parseInt).orElse(declared);
    }

    long millis(String value, long declared) {
        Optional<String> set = settings.override(group, name, value);
        return set.isPresent() ? Durations.parse(set.get()).orElse(declared) : declared;
    }

    /// Errors for overrides that name nobody, or, from the environment, more than one.
    static List<ConfigurationError> refuse(List<Declaration> declared, Settings settings) {
        List<String> pools = new ArrayList<>();
        List<String> processes = new ArrayList<>();
        for (Declaration declaration : declared) {
            (declaration.role() == Role.POOL ? pools : processes).add(declaration.name());
        }
        List<ConfigurationError> errors = new ArrayList<>();
        refuse("pools", "pool", pools, processes, settings, errors);
        refuse("processes", "user process", processes, pools, settings, errors);
        return errors;
    }

    private static void refuse(
            String group,
            String word,
            List<String> declared,
            List<String> others,
            Settings settings,
            List<ConfigurationError> errors) {
        for (Map.Entry<String, String> key : settings.names(group).entrySet()) {
            String name = key.getValue();
            List<String> meant = new ArrayList<>(declared);
            meant.removeIf(each -> !Settings.means(name, each));
            if (meant.contains(name) || meant.size() == 1) {
                continue;
            }
            String legal = "no " + word + " '" + name + "' is declared; declared are "
                    + (declared.isEmpty() ? "none" : String.join(", ", declared));
            String suggestion = Nearest.of(name, declared).orElse("");
            if (!meant.isEmpty()) {
                legal = "names more than one " + word + ": " + String.join(", ", meant) + "; use the file or --set";
            } else if (suggestion.isEmpty() && others.contains(name)) {
                legal = "'" + name + "' is declared, but not as a " + word + ": use "
                        + (group.equals("pools") ? "processes." : "pools.") + name;
            }
            errors.add(new ConfigurationError(
                    key.getKey(),
                    settings.text(key.getKey()),
                    settings.origin(key.getKey()),
                    legal,
                    suggestion.isEmpty() ? "" : key.getKey().replace("." + name, "." + suggestion)));
        }
    }

    /// Errors for pools whose new name is not free.
    static List<ConfigurationError> refuseRenamed(List<Declaration> declared, Settings settings) {
        List<ConfigurationError> errors = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        for (Declaration declaration : declared) {
            boolean pool = declaration.role() == Role.POOL;
            String name = declaration.name();
            Optional<String> renamed = pool ? settings.override("pools", name, "name") : Optional.empty();
            String effective = renamed.orElse(name);
            String before = taken.putIfAbsent(effective, name);
            Optional<String> refusal = Limits.processName(effective);
            if (before != null) {
                refusal = Optional.of("another name: that of '" + before + "' is the same");
            }
            if (refusal.isPresent()) {
                String key = "pools." + name + ".name";
                errors.add(
                        new ConfigurationError(key, effective, settings.origin(key), "must be " + refusal.get(), ""));
            }
        }
        return errors;
    }
}
