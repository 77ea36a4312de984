package dev.muster.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The configuration that holds: every key of the table with a value, checked. Travels to children and to the run
/// directory as a flat map of strings: [#effective()] and [#of(Map)] are inverse.
///
/// The getters throw `IllegalArgumentException` for a key that the table does not have.
///
/// **Threads:** immutable.
public final class Settings {
    private final Map<String, String> values;
    private final Map<String, String> origins;

    Settings(Map<String, String> values, Map<String, String> origins) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.origins = Map.copyOf(origins);
    }

    /// Reads what [#effective()] returned. A key that is missing has its default.
    public static Settings of(Map<String, String> effective) {
        return new Settings(effective, Map.of());
    }

    /// All keys with their values; those for a name only where they are set.
    public Map<String, String> effective() {
        return values;
    }

    /// Where the value was set, in words for an error message; `default` if nowhere.
    public String origin(String key) {
        return origins.getOrDefault(key, "default");
    }

    /// The value as text.
    public String text(String key) {
        String value = values.get(key);
        if (value != null) {
            return value;
        }
        return switch (key) {
            case "run.dir", "data.dir", "app.name" -> throw new IllegalStateException("the settings lack " + key);
            case "log.dir" -> dataDir().resolve("log").toString();
            case "aot.dir" -> dataDir().resolve("aot").toString();
            case "tasks.sqlite.file" -> dataDir().resolve("queue.db").toString();
            default -> Keys.of(key).defaultText();
        };
    }

    /// A duration in milliseconds.
    public long millis(String key) {
        return Durations.parse(text(key)).orElseThrow(() -> wrongType(key, "duration"));
    }

    /// A size in bytes.
    public long bytes(String key) {
        return Sizes.parse(text(key)).orElseThrow(() -> wrongType(key, "size"));
    }

    /// A whole number.
    public int number(String key) {
        return Integer.parseInt(text(key));
    }

    /// A choice between two.
    public boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    /// The address of a server. If the value names a file, that is read now: what stands in it was never written
    /// anywhere else, and may have changed since the start.
    ///
    /// @throws IOException if the file cannot be read, or has no line that could be an address
    public String address(String key) throws IOException {
        String value = text(key);
        if (!value.startsWith(ValueType.Address.FILE)) {
            return value;
        }
        String path = value.substring(ValueType.Address.FILE.length());
        try (Stream<String> lines = Files.lines(Path.of(path))) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElseThrow(() -> new IOException("the file " + path + " of " + key + " is empty"));
        } catch (UncheckedIOException e) {
            throw new IOException("the file " + path + " of " + key + " cannot be read as text", e.getCause());
        }
    }

    /// A path, absolute.
    public Path path(String key) {
        return Path.of(text(key));
    }

    /// A list of paths, each absolute.
    public List<Path> paths(String key) {
        List<Path> paths = new ArrayList<>();
        for (String path : text(key).split(",", -1)) {
            if (!path.isEmpty()) {
                paths.add(Path.of(path));
            }
        }
        return paths;
    }

    /// Names and what they mean, as `tasks.classes` has them; dots in the place of backslashes.
    public Map<String, String> pairs(String key) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text(key).split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return pairs;
    }

    /// The value of a key with ROLE in it as a whole number, its default if it is not set.
    ///
    /// @param pattern the key as in the table, such as `spares.ROLE`
    /// @param role the word for a role
    public int numberFor(String pattern, String role) {
        return Integer.parseInt(textFor(pattern, role));
    }

    /// The same as a duration in milliseconds.
    public long millisFor(String pattern, String role) {
        return Durations.parse(textFor(pattern, role)).orElseThrow(() -> wrongType(pattern, "duration"));
    }

    /// The same as a size in bytes.
    public long bytesFor(String pattern, String role) {
        return Sizes.parse(textFor(pattern, role)).orElseThrow(() -> wrongType(pattern, "size"));
    }

    private String textFor(String pattern, String role) {
        String value = values.get(pattern.replace("ROLE", role));
        return value == null ? Keys.of(pattern).defaultText() : value;
    }

    /// The options of `jvm.ROLE`, one element each; empty if none are set.
    ///
    /// @param role the word for a role, or `master`
    public List<String> options(String role) {
        return ValueType.Options.split(values.getOrDefault("jvm." + role, ""));
    }

    /// What the processes of a role may use at most.
    ///
    /// @param role the word for a role of children
    public Resources resources(String role) {
        return Resources.of(this, role);
    }

    /// The value that was set for a name, for example `override("pools", "mail", "instances")`, checked, and under
    /// the usual spelling of its key. Empty if what is declared holds.
    public Optional<String> override(String group, String name, String value) {
        String prefix = group + ".";
        String suffix = "." + value;
        String exact = values.get(prefix + name + suffix);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String key = entry.getKey();
            int end = key.length() - suffix.length();
            if (key.startsWith(prefix) && key.endsWith(suffix) && end > prefix.length()) {
                if (means(key.substring(prefix.length(), end), name)) {
                    return Optional.of(entry.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /// The keys of a group for a name, such as `pools` or `processes`, that are set, each with the name in it.
    public Map<String, String> names(String group) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String key : values.keySet()) {
            if (key.startsWith(group + ".")) {
                Keys.find(key).flatMap(row -> row.nameIn(key)).ifPresent(name -> names.put(key, name));
            }
        }
        return names;
    }

    /// Whether the name in a key means this declared name: it is the same, or it comes from an environment
    /// variable, which knows capitals and underscores only.
    public static boolean means(String nameInKey, String declared) {
        return nameInKey.equals(declared)
                || Names.fromEnvironment(nameInKey) && Names.fold(nameInKey).equals(Names.fold(declared));
    }

    /// The name of the application.
    public String appName() {
        return text("app.name");
    }

    /// The directory of the running instance, absolute; whoever starts creates it, for the owner alone.
    public Path runDir() {
        return path("run.dir");
    }

    /// The directory for what survives a reboot, absolute.
    public Path dataDir() {
        return path("data.dir");
    }

    /// The directory of the log files, absolute.
    public Path logDir() {
        return path("log.dir");
    }

    /// The control socket in the run directory; its length has been checked.
    public Path controlSocket() {
        return socketIn(runDir());
    }

    static Path socketIn(Path runDir) {
        return runDir.resolve("control.sock");
    }

    private IllegalArgumentException wrongType(String key, String type) {
        return new IllegalArgumentException(key + " = " + text(key) + " is not a " + type);
    }
}
