package dev.muster.server;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a request comes from: its client behind proxies, and the page that a WebSocket is opened from.
final class Origin {
    private static final int LONGEST_ID = 64;
    private static final int DELETE = 0x7f;

    private Origin() {}

    /// The address of the client.
    ///
    /// @param forwarded whether what proxies say is believed: `for` of `Forwarded`, else `X-Forwarded-For`
    static String of(@Nullable SocketAddress remote, MultiMap headers, boolean forwarded) {
        String told = forwarded ? told(headers, "for", "X-Forwarded-For") : "";
        if (!told.isEmpty()) {
            return clean(told);
        }
        return remote == null ? "" : remote.hostAddress() + ":" + remote.port();
    }

    /// What proxies say: the first that any of them tells in `Forwarded` (RFC 7239), else the first in the field
    /// that is older than it. Each proxy adds to the end, so the first is what the client has met.
    ///
    /// @param parameter of `Forwarded`
    /// @param older name of the other field
    /// @return empty if nobody says it
    private static String told(MultiMap headers, String parameter, String older) {
        String standard = headers.get("Forwarded");
        if (standard != null) {
            String name = parameter + "=";
            for (String part : standard.split("[;,]", -1)) {
                String pair = part.strip();
                String value = pair.regionMatches(true, 0, name, 0, name.length())
                        ? pair.substring(name.length()).replace("\"", "")
                        : "";
                if (!value.isEmpty()) {
                    return value;
                }
            }
        }
        String list = headers.get(older);
        return list == null ? "" : list.split(",", 2)[0].strip();
    }

    /// A name that a proxy has given to the request, if it is one that can stand in a log; else null.
    static @Nullable String requestId(MultiMap headers) {
        String given = headers.get("X-Request-Id");
        boolean fit = given != null && !given.isEmpty() && given.length() <= LONGEST_ID && visible(given);
        return fit ? given : null;
    }

    /// Whether a page from there may open a WebSocket. What is no browser sends no `Origin`, and may.
    ///
    /// @param allowed origins, `*` for all; empty for the host that the request was sent to
    /// @param forwarded whether what proxies say of that host is believed: `host` of `Forwarded`, else
    ///     `X-Forwarded-Host`
    static boolean allowed(MultiMap headers, List<String> allowed, boolean forwarded) {
        String origin = headers.get("Origin");
        if (origin == null || allowed.contains("*") || allowed.contains(origin)) {
            return true;
        }
        String told = forwarded ? told(headers, "host", "X-Forwarded-Host") : "";
        String host = told.isEmpty() ? headers.get("Host") : told;
        return allowed.isEmpty() && host != null && sameHost(origin, host);
    }

    /// Compares host and port, which a scheme implies where none is written; neither knows capitals.
    private static boolean sameHost(String origin, String host) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String usual = origin.startsWith("https") ? ":443" : ":80";
        String theirs = origin.substring(scheme + "://".length()).toLowerCase(Locale.ROOT);
        String ours = host.toLowerCase(Locale.ROOT);
        return without(theirs, usual).equals(without(ours, usual));
    }

    private static String without(String host, String port) {
        return host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
    }

    /// What a proxy has written, fit for a log.
    private static String clean(String address) {
        return visible(address) ? address : "?";
    }

    private static boolean visible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < DELETE);
    }

    /// A text from outside as it stands in a line of a log.
    static String printed(@Nullable String text) {
        return text != null && printable(text) ? text : "?";
    }

    /// Whether a text from outside can stand in a line of a log without a second one coming out of it. What is
    /// beyond ASCII can.
    static boolean printable(String text) {
        return text.chars().allMatch(c -> c > ' ' && c != DELETE);
    }
}
