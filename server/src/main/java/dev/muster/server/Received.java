package dev.muster.server;

import dev.muster.WebRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request whose body is read, or the one that opened a WebSocket.
final class Received implements WebRequest {
    /// A percent sign that begins no escape. Browsers send it as it was typed, so it stands for itself, as in PHP.
    private static final Pattern STRAY = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final int MOST_PARAMETERS = 1024;

    private final String method;
    private final String uri;
    private final MultiMap headers;
    private final Supplier<String> remote;
    private final Supplier<String> id;
    private final byte[] body;
    private final long connection;
    private @Nullable QueryStringDecoder decoded;

    /// @param remote where it comes from, made when somebody wants to know it
    /// @param id its name, likewise
    /// @param connection the id of the WebSocket, 0 for none
    Received(
            String method,
            String uri,
            MultiMap headers,
            Supplier<String> remote,
            Supplier<String> id,
            byte[] body,
            long connection) {
        this.method = method;
        this.uri = local(uri);
        this.headers = headers;
        this.remote = remote;
        this.id = id;
        this.body = body;
        this.connection = connection;
    }

    /// The target without the scheme and the host of one in absolute form, RFC 9112, section 3.2.2.
    private static String local(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return target;
        }
        int end = scheme + "://".length();
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return decoded().path();
    }

    @Override
    public String query() {
        int mark = uri.indexOf('?');
        return mark < 0 ? "" : uri.substring(mark + 1);
    }

    @Override
    public Optional<String> parameter(String name) {
        List<String> values = decoded().parameters().get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    private synchronized QueryStringDecoder decoded() {
        QueryStringDecoder known = decoded;
        if (known == null) {
            known = new QueryStringDecoder(
                    STRAY.matcher(uri).replaceAll("%25"), StandardCharsets.UTF_8, true, MOST_PARAMETERS, true);
            decoded = known;
        }
        return known;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    @Override
    public List<String> headers(String name) {
        return List.copyOf(headers.getAll(name));
    }

    @Override
    public String remoteAddress() {
        return remote.get();
    }

    @Override
    public String requestId() {
        return id.get();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public <T> T json(Class<T> type) {
        return Json.read(body, type);
    }

    @Override
    public long connectionId() {
        return connection;
    }
}
