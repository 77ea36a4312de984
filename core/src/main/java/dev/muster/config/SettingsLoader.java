package dev.muster.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Makes [Settings] from file, environment and options. Options beat the environment, the environment beats the
/// file.
public final class SettingsLoader {
    /// The file that an application reads when none is named and this one exists in the working directory.
    public static final String DEFAULT_FILE = "muster.yml";

    /// Socket addresses end here on Linux.
    private static final int MAX_SOCKET_BYTES = 106;

    private SettingsLoader() {}

    /// Reads and checks everything; the file is not touched if it is null.
    ///
    /// @param defaultAppName what `app.name` is if nobody sets it
    /// @param file YAML, or null for none; one that is named must exist
    /// @param environment the variables of the process
    /// @param sets options of the form `KEY=VALUE`; the last of several for a key wins
    /// @throws ConfigurationException with everything that is wrong
    public static Settings load(
            String defaultAppName, @Nullable Path file, Map<String, String> environment, List<String> sets) {
        List<ConfigurationError> errors = new ArrayList<>();
        Layers layers = new Layers(errors);
        if (file != null) {
            layers.add(YamlFile.read(file, errors), false);
        }
        layers.add(EnvironmentVariables.read(environment), false);
        layers.add(options(sets, errors), true);
        Map<String, Entry> values = layers.values();
        values.computeIfAbsent("app.name", key -> new Entry(key, defaultAppName, "default"));
        checkAppName(values, errors);
        checkOrder("limits.drain", "limits.stop", SettingsLoader::millis, values, errors);
        checkOrder("tasks.retry.base", "tasks.retry.cap", SettingsLoader::millis, values, errors);
        checkOrder("messages.maxSize", "messages.inbox", SettingsLoader::bytes, values, errors);
        MachineChecks.check(values, errors);
        ScheduleChecks.check(values, errors);
        ServerChecks.check(values, errors);
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
        addDirectories(values, Directories.of(environment));
        checkSocket(values, errors);
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
        return settings(values);
    }

    private static List<Entry> options(List<String> sets, List<ConfigurationError> errors) {
        List<Entry> entries = new ArrayList<>();
        for (String set : sets) {
            int equals = set.indexOf('=');
            if (equals <= 0) {
                errors.add(new ConfigurationError(set.strip(), "", "--set", "must have the form KEY=VALUE", ""));
            } else {
                String key = set.substring(0, equals).strip();
                entries.add(new Entry(key, set.substring(equals + 1).strip(), "--set"));
            }
        }
        return entries;
    }

    private static void checkAppName(Map<String, Entry> values, List<ConfigurationError> errors) {
        Entry name = values.get("app.name");
        if (name != null && !Names.legal(name.value())) {
            errors.add(name.error("must be " + Names.LEGAL + "; set app.name", ""));
        }
    }

    /// The first of two durations or sizes must not be more than the second.
    private static void checkOrder(
            String shorter,
            String longer,
            ToLongFunction<Entry> measure,
            Map<String, Entry> values,
            List<ConfigurationError> errors) {
        Entry least = entry(values, shorter);
        Entry most = entry(values, longer);
        if (measure.applyAsLong(least) > measure.applyAsLong(most)) {
            boolean leastSet = !least.origin().equals("default");
            Entry guilty = leastSet ? least : most;
            Entry other = leastSet ? most : least;
            String relation = leastSet ? "must not be longer than " : "must not be shorter than ";
            errors.add(guilty.error(
                    relation + other.key() + ", which is " + other.value() + " (" + other.origin() + ")", ""));
        }
    }

    private static long millis(Entry entry) {
        return Durations.parse(entry.value()).orElseThrow();
    }

    private static long bytes(Entry entry) {
        return Sizes.parse(entry.value()).orElseThrow();
    }

    private static Entry entry(Map<String, Entry> values, String key) {
        Entry entry = values.get(key);
        return entry != null ? entry : new Entry(key, Keys.of(key).defaultText(), "default");
    }

    private static void addDirectories(Map<String, Entry> values, Directories directories) {
        String app = entry(values, "app.name").value();
        values.computeIfAbsent(
                "run.dir", key -> new Entry(key, directories.run(app).toString(), "default"));
        values.computeIfAbsent(
                "data.dir", key -> new Entry(key, directories.data(app).toString(), "default"));
        Path data = Path.of(entry(values, "data.dir").value());
        values.computeIfAbsent(
                "log.dir", key -> new Entry(key, data.resolve("log").toString(), "default"));
        values.computeIfAbsent(
                "aot.dir", key -> new Entry(key, data.resolve("aot").toString(), "default"));
        values.computeIfAbsent(
                "tasks.sqlite.file",
                key -> new Entry(key, data.resolve("queue.db").toString(), "default"));
    }

    private static void checkSocket(Map<String, Entry> values, List<ConfigurationError> errors) {
        Entry run = entry(values, "run.dir");
        String socket = Settings.socketIn(Path.of(run.value())).toString();
        int bytes = socket.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_BYTES) {
            errors.add(run.error(
                    "must be shorter: its socket " + socket + " has " + bytes + " bytes, the system allows "
                            + MAX_SOCKET_BYTES + "; set run.dir",
                    ""));
        }
    }

    /// All keys without a name in the order of the table, then the rest in the order in which it was found.
    private static Settings settings(Map<String, Entry> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        for (Key key : Keys.all()) {
            if (!key.wildcard()) {
                texts.put(key.pattern(), entry(values, key.pattern()).value());
            }
        }
        for (Entry entry : values.values()) {
            texts.put(entry.key(), entry.value());
            origins.put(entry.key(), entry.origin());
        }
        return new Settings(texts, origins);
    }
}
