package dev.muster.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a value must look like.
sealed interface ValueType {
    /// The value in the form in which [Settings] keeps it, empty if it is not legal.
    Optional<String> canonical(String text);

    /// What is legal, to follow "must be".
    String legal();

    /// What joins the elements of a YAML list into one text, empty if the value is not a list.
    default String separator() {
        return "";
    }

    /// Text of limited length, without control characters.
    record Text(int maxLength) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            boolean legal = !text.isEmpty() && text.length() <= maxLength && Names.printable(text);
            return legal ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return "text of 1 to " + maxLength + " characters";
        }
    }

    /// The address of a server, or a file that holds it.
    ///
    /// @param schemes what it may begin with
    record Address(List<String> schemes) implements ValueType {
        /// What stands before the path of a file.
        static final String FILE = "file:";

        @Override
        public Optional<String> canonical(String text) {
            if (text.startsWith(FILE)) {
                return text.startsWith(FILE + "/") ? Optional.of(text) : Optional.empty();
            }
            try {
                URI address = URI.create(text);
                boolean legal = address.getHost() != null && schemes.contains(address.getScheme());
                return legal ? Optional.of(text) : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public String legal() {
            return "an address such as " + schemes.getFirst()
                    + "://user:password@host:port/database, or file:/path of a file that holds one";
        }
    }

    /// Words parted by commas; may be empty.
    record WordList() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            List<String> words = new ArrayList<>();
            for (String word : text.split(",", -1)) {
                if (!Names.printable(word)) {
                    return Optional.empty();
                }
                if (!word.isBlank()) {
                    words.add(word.strip());
                }
            }
            return Optional.of(String.join(",", words));
        }

        @Override
        public String legal() {
            return "words parted by commas, or nothing";
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// Origins as browsers write them, RFC 6454, section 6.2, parted by commas; `*` for all; may be empty. Kept
    /// without capitals and without the usual port of the scheme, for browsers write neither.
    record Origins() implements ValueType {
        private static final Pattern ORIGIN =
                Pattern.compile("([a-z][a-z0-9+.-]*)://((?:[a-z0-9._~-]+|\\[[0-9a-f:.]+])(?::\\d{1,5})?)");

        @Override
        public Optional<String> canonical(String text) {
            List<String> origins = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String origin = part.strip().toLowerCase(Locale.ROOT);
                Matcher parts = ORIGIN.matcher(origin);
                if (origin.equals("*") || origin.equals("null")) {
                    origins.add(origin);
                } else if (parts.matches()) {
                    origins.add(parts.group(1) + "://" + withoutUsualPort(parts.group(1), parts.group(2)));
                } else if (!origin.isEmpty()) {
                    return Optional.empty();
                }
            }
            return Optional.of(String.join(",", origins));
        }

        private static String withoutUsualPort(String scheme, String host) {
            String usual = switch (scheme) {
                case "http" -> ":80";
                case "https" -> ":443";
                default -> "";
            };
            boolean written = !usual.isEmpty() && host.endsWith(usual);
            return written ? host.substring(0, host.length() - usual.length()) : host;
        }

        @Override
        public String legal() {
            return "origins such as https://shop.example or http://localhost:8080, each a scheme and a host without a"
                    + " path and without a / at its end, parted by commas; or * for all; or nothing";
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// Tokens, RFC 9110, section 5.6.2, parted by commas; may be empty.
    record Tokens() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            Optional<String> words = new WordList().canonical(text);
            return words.filter(all -> all.matches("[,\\w!#$%&'*+.^`|~-]*"));
        }

        @Override
        public String legal() {
            return "words such as chat.v1, of letters, digits, '.', '_', '-' and the like, without blanks and slashes"
                    + " (tokens, RFC 9110), parted by commas, or nothing";
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// Class names of producers and the classes that they mean here, `App\Jobs\Mail=com.acme.Mail`, parted by
    /// commas; may be empty. Backslashes are kept as dots, without a leading one.
    record ClassNames() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            List<String> pairs = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String pair = part.replaceAll("\\s", "").replace('\\', '.').replaceFirst("^\\.", "");
                if (!pair.isEmpty() && !pair.matches("[^=,]+=[^=,]+")) {
                    return Optional.empty();
                }
                if (!pair.isEmpty()) {
                    pairs.add(pair);
                }
            }
            return Optional.of(String.join(",", pairs));
        }

        @Override
        public String legal() {
            return "pairs THEIR\\Class=our.Class parted by commas, or nothing";
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// Queues in strict order or with weights, see [QueueShares].
    record Queues() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            return QueueShares.read(text).map(QueueShares::text);
        }

        @Override
        public String legal() {
            return QueueShares.LEGAL;
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// A name in the sense of [Names].
    record Name() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            return Names.legal(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return Names.LEGAL;
        }
    }

    /// What stands before a name in a title, may be empty.
    record Prefix() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            return text.length() <= 32 && Names.plain(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return "at most 32 letters (a-z, A-Z), digits, '.', '_' or '-'";
        }
    }

    /// A file or directory; kept absolute, `~/` stands for the home directory.
    record FilePath() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            if (text.isBlank()) {
                return Optional.empty();
            }
            try {
                Path path = text.startsWith("~/")
                        ? Path.of(System.getProperty("user.home", "/"), text.substring(2))
                        : Path.of(text);
                return Optional.of(path.toAbsolutePath().normalize().toString());
            } catch (InvalidPathException _) {
                return Optional.empty();
            }
        }

        @Override
        public String legal() {
            return "a path";
        }
    }

    /// Files, parted by commas; may be empty.
    record PathList() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            List<String> paths = new ArrayList<>();
            for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
                Optional<String> path = new FilePath().canonical(part.strip());
                if (path.isEmpty()) {
                    return path;
                }
                paths.add(path.get());
            }
            return Optional.of(String.join(",", paths));
        }

        @Override
        public String legal() {
            return "a list of paths: a YAML list, or text parted by commas";
        }

        @Override
        public String separator() {
            return ",";
        }
    }

    /// A duration, bounds in milliseconds.
    record DurationRange(long min, long max) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            OptionalLong millis = Durations.parse(text);
            boolean inRange = millis.isPresent() && millis.getAsLong() >= min && millis.getAsLong() <= max;
            return inRange ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return Durations.LEGAL + ", from " + Durations.text(min) + " to " + Durations.text(max);
        }
    }

    /// A duration in plain seconds, as Fend writes it; kept as a duration.
    record Seconds(int min, int max) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            return new IntegerRange(min, max).canonical(text).map(seconds -> seconds + "s");
        }

        @Override
        public String legal() {
            return "whole seconds from " + min + " to " + max;
        }
    }

    /// A size, bounds in bytes.
    record SizeRange(long min, long max) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            OptionalLong bytes = Sizes.parse(text);
            boolean inRange = bytes.isPresent() && bytes.getAsLong() >= min && bytes.getAsLong() <= max;
            return inRange ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return Sizes.LEGAL + ", from " + Sizes.text(min) + " to " + Sizes.text(max);
        }
    }

    /// A whole number.
    record IntegerRange(int min, int max) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            try {
                int number = Integer.parseInt(text);
                return number >= min && number <= max ? Optional.of(Integer.toString(number)) : Optional.empty();
            } catch (NumberFormatException _) {
                return Optional.empty();
            }
        }

        @Override
        public String legal() {
            return "a whole number from " + min + " to " + max;
        }
    }

    /// true or false.
    record Flag() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            return lower.equals("true") || lower.equals("false") ? Optional.of(lower) : Optional.empty();
        }

        @Override
        public String legal() {
            return "true or false";
        }
    }

    /// One of some words; case, `_` and `-` do not matter.
    record Words(List<String> words) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            String folded = Names.fold(text);
            for (String word : words) {
                if (Names.fold(word).equals(folded)) {
                    return Optional.of(word);
                }
            }
            return Optional.empty();
        }

        @Override
        public String legal() {
            return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
        }
    }

    /// The name of a file in the log directory; empty for the log of the application.
    record LogFile() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            return text.isEmpty() || Names.legal(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return "the name of a file in log.dir, without a directory: " + Names.LEGAL;
        }
    }

    /// A JSON array.
    record Json(int maxLength) implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            boolean legal = text.length() <= maxLength && JsonArray.size(text).isPresent();
            return legal ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String legal() {
            return "a JSON array in quotes, such as '[42, \"a\"]', of at most " + maxLength + " characters";
        }
    }

    /// Options for a virtual machine, parted by blanks; may be empty.
    ///
    /// A word that the `java` command would take for the main class is refused.
    record Options() implements ValueType {
        @Override
        public Optional<String> canonical(String text) {
            List<String> words = split(text);
            boolean valueExpected = false;
            for (String word : words) {
                boolean option = word.startsWith("-") || word.startsWith("@");
                if (!option && !valueExpected) {
                    return Optional.empty();
                }
                valueExpected = word.startsWith("--") && word.indexOf('=') < 0;
            }
            return Optional.of(String.join(" ", words));
        }

        static List<String> split(String text) {
            List<String> words = new ArrayList<>();
            for (StringTokenizer rest = new StringTokenizer(text); rest.hasMoreTokens(); ) {
                words.add(rest.nextToken());
            }
            return words;
        }

        @Override
        public String legal() {
            return "options of the java command parted by blanks, each beginning with '-', such as -Xmx64m"
                    + " -XX:+UseSerialGC";
        }

        @Override
        public String separator() {
            return " ";
        }
    }

    /// Processors as the kernel numbers them; kept as numbers parted by commas, in order.
    record Processors() implements ValueType {
        /// `CPU_SETSIZE` of the C library.
        private static final int MOST = 1024;

        @Override
        public Optional<String> canonical(String text) {
            List<Integer> numbers = parse(text);
            StringJoiner list = new StringJoiner(",");
            numbers.forEach(number -> list.add(Integer.toString(number)));
            return numbers.isEmpty() ? Optional.empty() : Optional.of(list.toString());
        }

        /// The numbers in a list such as `0-3,6`, in order; empty if it is not one.
        static List<Integer> parse(String text) {
            TreeSet<Integer> numbers = new TreeSet<>();
            for (String part : text.split(",", -1)) {
                String[] ends = part.strip().split("-", -1);
                boolean legal = ends.length <= 2;
                for (String end : ends) {
                    legal &= end.matches("\\d{1,4}");
                }
                if (!legal) {
                    return List.of();
                }
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (last >= MOST || first > last) {
                    return List.of();
                }
                for (int number = first; number <= last; number++) {
                    numbers.add(number);
                }
            }
            return List.copyOf(numbers);
        }

        @Override
        public String legal() {
            return "processors such as 0,1 or 0-3, each of 0 to " + (MOST - 1) + " and switched on in this machine";
        }

        @Override
        public String separator() {
            return ",";
        }
    }
}
