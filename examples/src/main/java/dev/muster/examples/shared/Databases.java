package dev.muster.examples.shared;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.muster.broker.sqlite.NativeLibrary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.JDBCUtils;

/// The databases by the names that the configuration gives them, each with a pool of connections. Which database it is,
/// SQLite or PostgreSQL, its address says.
///
/// **Threads:** safe for use by many threads. **Lifetime:** a pool is made when it is first asked for, and lives as
/// long as the process. **Failure:** a database that is down fails the statement after 5 s, and not the pool: the next
/// statement connects anew.
public final class Databases {
    private static final Map<String, DSLContext> OPEN = new ConcurrentHashMap<>();
    private static final int PATIENCE_MILLIS = 5_000;

    static {
        // jOOQ greets every process that loads it
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    private Databases() {}

    /// The database of that name. Does not connect. `default` is an SQLite file in the data directory, if the
    /// configuration says nothing.
    ///
    /// @throws IllegalArgumentException if there is none of that name, or its address is of another kind
    public static DSLContext named(String name) {
        return OPEN.computeIfAbsent(name, known -> open(known, Configuration.ofThisProcess()));
    }

    static DSLContext open(String name, Configuration configuration) {
        String url = configuration.url(
                "databases",
                name,
                "jdbc:sqlite:" + configuration.dataDirectory().resolve("users.db"));
        SQLDialect dialect = JDBCUtils.dialect(url);
        if (dialect != SQLDialect.SQLITE && dialect != SQLDialect.POSTGRES) {
            // The address may hold a password: it is not shown.
            throw new IllegalArgumentException("databases." + name + ".url must begin with jdbc:sqlite: or"
                    + " jdbc:postgresql:, for example jdbc:postgresql://127.0.0.1/shop?user=shop");
        }
        if (dialect == SQLDialect.SQLITE) {
            NativeLibrary.use(configuration.dataDirectory());
        }
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("database-" + name);
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(configuration.number("databases." + name + ".connections", 1, 100, 2));
        pool.setConnectionTimeout(PATIENCE_MILLIS);
        // An application that starts before its database waits for it, instead of not starting.
        pool.setInitializationFailTimeout(-1);
        return DSL.using(new HikariDataSource(pool), dialect);
    }
}
