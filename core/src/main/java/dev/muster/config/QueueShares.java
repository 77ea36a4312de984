package dev.muster.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The queues that a worker takes from: `urgent, mail, rest` in strict order, each only when those before it are empty,
/// or `urgent=5, mail=2, rest=1` by weights: each claim draws by them which queue it looks into first, and which next.
///
/// **Threads:** immutable.
///
/// @param names in the order in which they were written
/// @param weights one for each name, 1 to 100; empty if the order is strict
public record QueueShares(List<String> names, List<Integer> weights) {
    private static final int MOST = 64;
    private static final Pattern SHARE = Pattern.compile("([^=,]{1,128})\\s*=\\s*([1-9][0-9]?|100)");

    static final String LEGAL = "1 to 64 different names of queues, parted by commas: 'a, b' in strict order, or all of"
            + " them with a weight of 1 to 100, 'a=5, b=1'";

    /// Copies its arguments.
    public QueueShares {
        names = List.copyOf(names);
        weights = List.copyOf(weights);
    }

    /// One queue alone, whatever its name.
    public static QueueShares only(String name) {
        return new QueueShares(List.of(name), List.of());
    }

    /// What was written in a configuration that has been checked.
    ///
    /// @throws IllegalArgumentException if it is not legal
    public static QueueShares parse(String text) {
        return read(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not " + LEGAL));
    }

    static Optional<QueueShares> read(String text) {
        List<String> names = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String share = part.strip();
            Matcher weighted = SHARE.matcher(share);
            if (weighted.matches()) {
                names.add(weighted.group(1).strip());
                weights.add(Integer.valueOf(weighted.group(2)));
            } else {
                names.add(share);
            }
        }
        Set<String> different = new HashSet<>(names);
        boolean legal = names.size() <= MOST
                && different.size() == names.size()
                && (weights.isEmpty() || weights.size() == names.size())
                && names.stream()
                        .allMatch(name -> !name.isEmpty()
                                && name.length() <= 128
                                && name.indexOf('=') < 0
                                && Names.printable(name));
        return legal ? Optional.of(new QueueShares(names, weights)) : Optional.empty();
    }

    /// As it is written in a configuration.
    public String text() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            parts.add(weights.isEmpty() ? names.get(i) : names.get(i) + "=" + weights.get(i));
        }
        return String.join(",", parts);
    }
}
