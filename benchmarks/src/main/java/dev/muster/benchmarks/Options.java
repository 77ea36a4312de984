package dev.muster.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What is said on the command line of a benchmark, in words of the form `name=value`.
final class Options {
    private final Map<String, String> values = new HashMap<>();

    /// @param defaults every option that there is; one whose default is a number is always a number
    /// @throws IllegalArgumentException if a word is not such an option
    Options(String[] words, Map<String, ?> defaults) {
        defaults.forEach((name, value) -> {
            String _ = values.put(name, value.toString());
        });
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = word.substring(equals + 1);
            Object usual = defaults.get(name);
            if (equals < 0 || usual == null || usual instanceof Integer && !value.matches("\\d{1,9}")) {
                Set<String> legal = defaults.keySet();
                throw new IllegalArgumentException("'" + word + "' is no option; there are: " + legal
                        + ", each with a value, for example trials=3");
            }
            String _ = values.put(name, value);
        }
    }

    int number(String name) {
        return Integer.parseInt(word(name));
    }

    /// Whether it is not 0.
    boolean flag(String name) {
        return number(name) != 0;
    }

    String word(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no option " + name);
        }
        return value;
    }

    /// What is parted by commas.
    List<String> words(String name) {
        return List.of(word(name).split(",", -1));
    }

    Random random() {
        return new Random(number("seed"));
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
