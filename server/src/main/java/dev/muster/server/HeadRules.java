package dev.muster.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the head of a request must be, beyond what its decoder looks at: nothing that is not gets to the routes or the
/// listener.
///
/// **Threads:** the event loop.
final class HeadRules {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;
    private static final String CHUNKED = "chunked";
    /// RFC 3986, section 3: scheme and authority, then anything.
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+.*");

    private HeadRules() {}

    /// What is wrong with it, null if nothing is.
    static @Nullable Refusal broken(HttpServerRequest request) {
        boolean one = request.version() != HttpVersion.HTTP_2;
        if (!target(request)) {
            return bad("the target of the request is none: a path, or an address with one, its characters legal");
        }
        // HTTP/1.0 has no Host; in HTTP/2 it is called :authority.
        if (request.version() != HttpVersion.HTTP_1_0 && !((HttpServerRequestInternal) request).isValidAuthority()) {
            return bad("the request does not say its host, or what it says is none");
        }
        return one ? brokenFields(request.headers()) : null;
    }

    private static @Nullable Refusal brokenFields(MultiMap headers) {
        // RFC 9112, section 3.2
        if (headers.contains("Host") && headers.getAll("Host").size() > 1) {
            return bad("the request has two Host fields");
        }
        if (headers.contains("")) {
            return bad("the request has a field without a name");
        }
        return headers.contains("Transfer-Encoding") ? coded(headers.getAll("Transfer-Encoding")) : null;
    }

    /// RFC 9112, sections 6.1 and 6.3: where `chunked` does not come last, nobody can say where the body ends.
    /// Other codings before it are not undone here.
    private static @Nullable Refusal coded(List<String> codings) {
        String all = String.join(",", codings).strip();
        if (all.equalsIgnoreCase(CHUNKED)) {
            return null;
        }
        String last = all.substring(all.lastIndexOf(',') + 1).strip();
        return last.equalsIgnoreCase(CHUNKED)
                ? refusal(NOT_IMPLEMENTED, "no Transfer-Encoding but chunked is undone here")
                : bad("the Transfer-Encoding does not end with chunked");
    }

    private static Refusal bad(String text) {
        return refusal(BAD_REQUEST, text);
    }

    private static Refusal refusal(int status, String text) {
        return new Refusal(status, text + "\n", Refusal.After.END);
    }

    private static boolean target(HttpServerRequest request) {
        String uri = request.uri();
        if (uri == null) {
            // CONNECT in HTTP/2: this is no proxy.
            return false;
        }
        boolean form = uri.startsWith("/")
                || ABSOLUTE.matcher(uri).matches()
                || uri.equals("*") && request.method().equals(HttpMethod.OPTIONS);
        // HTTP/1 is looked at by its decoder; what HTTP/2 carries may be anything, and goes to logs.
        return form && Origin.printable(uri) && decodable(uri);
    }

    /// Whether each `%` of the path stands before two hexadecimal digits. In a query that is between the page that
    /// made it and the application.
    private static boolean decodable(String uri) {
        int query = uri.indexOf('?');
        int end = query < 0 ? uri.length() : query;
        for (int at = uri.indexOf('%'); at >= 0 && at < end; at = uri.indexOf('%', at + 1)) {
            boolean two = at + 2 < end && hexadecimal(uri.charAt(at + 1)) && hexadecimal(uri.charAt(at + 2));
            if (!two) {
                return false;
            }
        }
        return true;
    }

    private static boolean hexadecimal(char digit) {
        return Character.digit(digit, 16) >= 0 && digit < 0x80;
    }
}
