package dev.muster.system.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A client that keeps its connection as long as the server lets it, and tries nothing twice.
///
/// **Threads:** one.
final class Visitor implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 100_000;

    private final int port;
    private @Nullable Socket socket;

    Visitor(int port) {
        this.port = port;
    }

    /// What the server answers.
    ///
    /// @throws IOException if the request fails in any way
    String get(String path) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setSoTimeout(PATIENCE_MILLIS);
            socket = open;
        }
        open.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = open.getInputStream();
        String status = line(in);
        int length = 0;
        boolean last = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String small = header.toLowerCase(Locale.ROOT);
            if (small.startsWith("content-length:")) {
                length = Integer.parseInt(
                        small.substring("content-length:".length()).strip());
            }
            last |= small.replace(" ", "").equals("connection:close");
        }
        String body = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        if (last) {
            close();
        }
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(path + " was answered with " + status + ": " + body);
        }
        return body;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after '" + line + "'");
            }
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
