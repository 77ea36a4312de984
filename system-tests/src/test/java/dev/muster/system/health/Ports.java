package dev.muster.system.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Probes over real sockets.
final class Ports {
    private Ports() {}

    /// A port that was free a moment ago.
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The answer to a GET: the status code, a blank, and the body. `refused` if nobody listens.
    static String get(int port, String target) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return end < 12
                    ? "cut off"
                    : answer.substring(9, 12) + " " + answer.substring(end + 4).strip();
        } catch (IOException _) {
            return "refused";
        }
    }
}
