package dev.muster.broker.postgres;

import dev.muster.task.BrokerException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// Where the tables are: `postgres://user:password@host:port/database?option=value&...`, with the options of the
/// driver. `currentSchema` is the schema of the tables, `muster` if it is not given.
///
/// **Threads:** safe for use by many threads. **Failure:** no message of it, and of nobody who uses it, has the
/// password or the whole address.
final class Address {
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /// What the statements rely on.
    private static final Set<PGProperty> FIXED = Set.of(
            PGProperty.REWRITE_BATCHED_INSERTS,
            PGProperty.AUTOSAVE,
            PGProperty.PREFER_QUERY_MODE,
            PGProperty.STRING_TYPE,
            PGProperty.READ_ONLY);

    /// How the tools of PostgreSQL call what the driver calls otherwise.
    private static final Map<String, String> OTHER_NAMES =
            Map.of("connect_timeout", "connectTimeout", "application_name", "ApplicationName");

    private final String name;
    private final String schema;
    private final PGSimpleDataSource source;

    private Address(String name, String schema, PGSimpleDataSource source) {
        this.name = name;
        this.schema = schema;
        this.source = source;
    }

    /// @param application what a database administrator sees in `pg_stat_activity`
    /// @throws BrokerException if it is no such address
    static Address of(String url, String application) {
        URI uri = parse(url);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {uri.getHost()});
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        source.setPortNumbers(new int[] {port});
        @Nullable String userInfo = uri.getRawUserInfo();
        if (userInfo != null) {
            int colon = userInfo.indexOf(':');
            source.setUser(decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)));
            if (colon >= 0) {
                source.setPassword(decoded(userInfo.substring(colon + 1)));
            }
        }
        String path = uri.getRawPath();
        String database = path.length() < 2 ? "" : decoded(path.substring(1));
        if (!database.isEmpty()) {
            source.setDatabaseName(database);
        }
        source.setApplicationName(application.length() <= 63 ? application : application.substring(0, 63));
        source.setConnectTimeout(5);
        // An answer may wait for the lock of another process, 10 s at most (PostgresStore), but not for a server that
        // is
        // cut off: a worker that waits for the storing of its outcomes takes nothing meanwhile.
        source.setSocketTimeout(20);
        source.setTcpKeepAlive(true);
        source.setSocketFactory(PromptSockets.class.getName());
        String schema = options(source, uri.getRawQuery());
        return new Address(uri.getHost() + ":" + port + (database.isEmpty() ? "" : "/" + database), schema, source);
    }

    private static URI parse(String url) {
        try {
            URI uri = URI.create(url);
            String scheme = String.valueOf(uri.getScheme());
            if (uri.getHost() != null && (scheme.equals("postgres") || scheme.equals("postgresql"))) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // It is told below, without the password that may stand in it.
        }
        throw new BrokerException(
                "the address of the tasks (tasks.postgres.url) is none of a PostgreSQL database; it looks like"
                        + " postgres://user:password@host:5432/database?sslmode=require, with %40 for a @ in the"
                        + " password");
    }

    /// @return the schema
    private static String options(PGSimpleDataSource source, @Nullable String query) {
        String schema = "muster";
        if (query == null) {
            return schema;
        }
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String given = decoded(equals < 0 ? option : option.substring(0, equals));
            String value = equals < 0 ? "" : decoded(option.substring(equals + 1));
            String name = OTHER_NAMES.getOrDefault(given, given);
            if (name.equals("currentSchema")) {
                schema = legalSchema(value);
            } else {
                set(source, name, value);
            }
        }
        return schema;
    }

    private static String legalSchema(String schema) {
        if (!SCHEMA.matcher(schema).matches()) {
            throw refused("currentSchema", "its value is no name of 1 to 63 characters of a-z, 0-9 and _");
        }
        return schema;
    }

    private static void set(PGSimpleDataSource source, String name, String value) {
        @Nullable PGProperty property = PGProperty.forName(name);
        if (property == null) {
            throw refused(
                    name, "the driver (pgjdbc) knows no such option; sslmode, sslrootcert and connectTimeout are some");
        }
        if (property == PGProperty.PASSWORD || property == PGProperty.USER) {
            throw refused(name, "user and password stand before the @, where no error message shows them");
        }
        if (FIXED.contains(property)) {
            throw refused(name, "Muster needs it as it is");
        }
        source.setProperty(property, value);
    }

    private static BrokerException refused(String option, String why) {
        return new BrokerException(
                "the address of the tasks (tasks.postgres.url) has the option '" + option + "': " + why);
    }

    /// A `+` is one.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// Host, port and database, for people.
    String name() {
        return name;
    }

    /// Whom the server sees.
    String user() {
        String user = source.getUser();
        return user == null ? System.getProperty("user.name", "") : user;
    }

    /// The schema of the tables; needs no quotes in SQL.
    String schema() {
        return schema;
    }

    /// Opens connections, each time a new one.
    PGSimpleDataSource source() {
        return source;
    }
}
