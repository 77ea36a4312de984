package dev.muster.config;

import java.util.Collection;
import java.util.Optional;

/// "Did you mean": the known word that is nearest to a mistyped one.
public final class Nearest {
    private Nearest() {}

    /// Returns the known word with the fewest letters inserted, left out, changed or swapped; case, `_` and `-` do
    /// not count. Empty when none is near enough to be meant: at most a third of the letters may differ.
    public static Optional<String> of(String word, Collection<String> known) {
        String sought = comparable(word);
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(sought, comparable(candidate));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return least <= Math.max(1, sought.length() / 3) && least < sought.length() + 1
                ? Optional.of(best)
                : Optional.empty();
    }

    /// Without what people spell differently; `.` stays, since it parts the segments of a key.
    private static String comparable(String word) {
        StringBuilder text = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c != '_' && c != '-') {
                text.append(Character.toLowerCase(c));
            }
        }
        return text.toString();
    }

    /// Optimal string alignment distance.
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
