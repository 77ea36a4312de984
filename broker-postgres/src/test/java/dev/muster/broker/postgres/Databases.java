package dev.muster.broker.postgres;

import dev.muster.testkit.TestPostgres;
import java.net.URI;

/// Addresses of databases for tests, as Muster takes them.
final class Databases {
    private Databases() {}

    /// @param options such as `currentSchema=other`, may be empty
    static String url(TestPostgres database, String options) {
        return url(database.url(), options);
    }

    /// @param jdbc with a user and perhaps a password among its parameters
    static String url(String jdbc, String options) {
        URI uri = URI.create(jdbc.substring("jdbc:".length()));
        String user = "";
        String password = "";
        for (String parameter : uri.getRawQuery().split("&", -1)) {
            if (parameter.startsWith("user=")) {
                user = parameter.substring("user=".length());
            } else if (parameter.startsWith("password=")) {
                password = ":" + parameter.substring("password=".length());
            }
        }
        return "postgres://" + user + password + "@" + uri.getAuthority() + uri.getRawPath()
                + (options.isEmpty() ? "" : "?" + options);
    }
}
