package dev.muster.system.web;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// As little of an HTTP/1.1 client as keeps its connection, and repeats nothing by itself: whatever goes wrong is seen.
final class KeepAliveClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    KeepAliveClient(int port) {
        this.port = port;
    }

    /// An answer.
    record Answer(int status, String body) {}

    /// Posts a text, over the connection that is there, or a new one if the last answer said so.
    ///
    /// @throws IOException if the answer does not come whole
    Answer post(String path, String body) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setSoTimeout(PATIENCE_MILLIS);
            open.setTcpNoDelay(true);
            socket = open;
            in = new BufferedInputStream(open.getInputStream());
        }
        String request =
                "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        open.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return read();
    }

    private Answer read() throws IOException {
        int status = Integer.parseInt(line().split(" ", -1)[1]);
        int length = 0;
        boolean last = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
            last |= header.equals("connection: close");
        }
        byte[] body = in().readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer has " + body.length + " of " + length + " bytes");
        }
        if (last) {
            hangUp();
        }
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in().read(); next != '\n'; next = in().read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed instead of an answer");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private InputStream in() throws IOException {
        InputStream open = in;
        if (open == null) {
            throw new IOException("not connected");
        }
        return open;
    }

    /// The next request takes a new connection.
    void hangUp() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }
}
