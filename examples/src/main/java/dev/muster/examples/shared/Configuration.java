package dev.muster.examples.shared;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the examples are told. Muster's own configuration has no place for values of an application: an application
/// reads them from where it likes, and a variable of the environment reaches all of its processes.
///
/// A value is looked for in the environment, `redis.default.url` as `REDIS_DEFAULT_URL`, then in a file of properties:
/// the one that `CONNECTIONS` names, else `connections.properties` in the working directory, if it exists.
///
/// | key | is |
/// |---|---|
/// | `databases.NAME.url` | a JDBC address of SQLite or PostgreSQL |
/// | `databases.NAME.connections` | the most that are open at once, 1 to 100, default 2 |
/// | `redis.NAME.url` | `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS |
/// | `redis.NAME.connections` | the most that are open at once, 2 to 100, default 4 |
/// | `users.sample` | how many made-up users an empty table is given, 0 to 100000, default 250 |
/// | `queue.name` | the list that messages are taken from, default `message_queue` |
/// | `queue.lease` | seconds after which the messages of a silent consumer are given to others, 2 to 3600, default 15 |
///
/// NAME is made of lower-case letters and digits. Immutable.
public final class Configuration {
    private static final String FILE = "connections.properties";
    private static final Pattern KEY = Pattern.compile(
            "(databases|redis)\\.[a-z0-9]+\\.(url|connections)|users\\.sample|queue\\.name|queue\\.lease");
    private static final Pattern URL_VARIABLE = Pattern.compile("(DATABASES|REDIS)_([A-Z0-9]+)_URL");

    private final Map<String, String> values;
    private final String file;
    private final Path dataDirectory;

    private Configuration(Map<String, String> values, String file, Path dataDirectory) {
        this.values = values;
        this.file = file;
        this.dataDirectory = dataDirectory;
    }

    /// That of this process, read once.
    ///
    /// @throws IllegalArgumentException if the file cannot be read, or has keys that nobody knows
    public static Configuration ofThisProcess() {
        return Holder.CONFIGURATION;
    }

    /// Read when it is asked for.
    private static final class Holder {
        static final Configuration CONFIGURATION = read(System.getenv(), Path.of(""));
    }

    static Configuration read(Map<String, String> environment, Path workingDirectory) {
        String named = environment.getOrDefault("CONNECTIONS", "");
        Path file = workingDirectory.resolve(named.isEmpty() ? FILE : named).toAbsolutePath();
        Map<String, String> values = new TreeMap<>();
        if (!named.isEmpty() || Files.exists(file)) {
            values.putAll(readFile(file));
        }
        environment.forEach((variable, value) -> {
            String key = variable.toLowerCase(Locale.ROOT).replace('_', '.');
            if (!value.isBlank() && KEY.matcher(key).matches() && variable.equals(variable(key))) {
                values.put(key, value.strip());
            }
        });
        return new Configuration(values, file.toString(), dataDirectory(environment));
    }

    private static Map<String, String> readFile(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the file of connections " + file + " cannot be read: " + e, e);
        }
        Map<String, String> values = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(file + " has the unknown key " + key
                        + "; known are databases.NAME.url, databases.NAME.connections, redis.NAME.url,"
                        + " redis.NAME.connections, users.sample, queue.name and queue.lease");
            }
            values.put(key, properties.getProperty(key).strip());
        }
        return values;
    }

    private static Path dataDirectory(Map<String, String> environment) {
        String named = environment.getOrDefault("MUSTER_DATA_DIR", "");
        return named.isEmpty()
                ? Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "muster-examples-" + System.getProperty("user.name", "nobody"))
                : Path.of(named);
    }

    /// The address of a connection.
    ///
    /// @param section `databases` or `redis`
    /// @param name of the connection
    /// @param ofDefault that of the connection `default`, if nothing says it
    /// @throws IllegalArgumentException if there is no connection of that name
    String url(String section, String name, String ofDefault) {
        String key = section + "." + name + ".url";
        Optional<String> url = value(key);
        if (url.isPresent()) {
            return url.get();
        }
        if (name.equals("default")) {
            return ofDefault;
        }
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("the name '" + name + "' of a connection in " + section
                    + " may have lower-case letters and digits only");
        }
        throw new IllegalArgumentException("there is no connection '" + name + "' in " + section + ", known are "
                + known(section) + "; set " + key + " in " + file + ", or " + variable(key) + " in the environment");
    }

    private String known(String section) {
        Map<String, String> names = new TreeMap<>(Map.of("default", ""));
        for (String key : values.keySet()) {
            Matcher matcher = URL_VARIABLE.matcher(variable(key));
            if (key.startsWith(section + ".") && matcher.matches()) {
                names.put(matcher.group(2).toLowerCase(Locale.ROOT), "");
            }
        }
        return String.join(", ", names.keySet());
    }

    /// A number.
    ///
    /// @throws IllegalArgumentException if it is none, or not between the bounds
    public int number(String key, int least, int most, int otherwise) {
        String text = value(key).orElse(Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // It is told below.
        }
        throw new IllegalArgumentException(
                key + " = " + text + " must be a whole number from " + least + " to " + most);
    }

    /// A text, if there is one.
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /// Where an example keeps what is its own: the directory that `MUSTER_DATA_DIR` names, which `muster run` sets
    /// for its examples, else one below the temporary directory. It exists.
    public Path dataDirectory() {
        try {
            return Files.createDirectories(dataDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + dataDirectory + " cannot be made", e);
        }
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
