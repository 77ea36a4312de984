package dev.muster.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What is said on the command line of a benchmark, in words of the form `name=number`.
final class Options {
    private final Map<String, Integer> values = new HashMap<>();

    /// @param defaults every option that there is
    /// @throws IllegalArgumentException if a word is not such an option
    Options(String[] words, Map<String, Integer> defaults) {
        values.putAll(defaults);
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (equals < 0 || !defaults.containsKey(name)) {
                Set<String> legal = defaults.keySet();
                throw new IllegalArgumentException("'" + word + "' is no option; there are: " + legal
                        + ", each with a number, for example trials=3");
            }
            Integer _ = values.put(name, Integer.valueOf(word.substring(equals + 1)));
        }
    }

    int number(String name) {
        Integer value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no option " + name);
        }
        return value;
    }

    /// Whether it is not 0.
    boolean flag(String name) {
        return number(name) != 0;
    }

    Random random() {
        return new Random(number("seed"));
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
