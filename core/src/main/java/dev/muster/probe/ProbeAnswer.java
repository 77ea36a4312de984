package dev.muster.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// An answer of the console to a probe.
///
/// @param code the status code of HTTP
/// @param type the media type of the body
/// @param body what people and machines read
public record ProbeAnswer(int code, String type, String body) {
    static ProbeAnswer text(int code, String line) {
        return new ProbeAnswer(code, "text/plain; charset=utf-8", line + "\n");
    }

    static ProbeAnswer json(int code, String json) {
        return new ProbeAnswer(code, "application/json", json + "\n");
    }

    /// As bytes of HTTP/1.1 (RFC 9112).
    ///
    /// @param head whether only the head was asked for
    ByteBuffer bytes(boolean head) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String lines = "HTTP/1.1 " + code + " " + phrase() + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                + content.length + "\r\nCache-Control: no-store\r\n" + (code == 405 ? "Allow: GET, HEAD\r\n" : "")
                + "Connection: close\r\n\r\n";
        byte[] first = lines.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer all = ByteBuffer.allocate(first.length + (head ? 0 : content.length));
        all.put(first);
        if (!head) {
            all.put(content);
        }
        return all.flip();
    }

    private String phrase() {
        return switch (code) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}
