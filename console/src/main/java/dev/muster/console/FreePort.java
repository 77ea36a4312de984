package dev.muster.console;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Finds a port on the loopback address that nobody has.
final class FreePort {
    private FreePort() {}

    /// This one if it is free, else any that is.
    static int preferably(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException _) {
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return any.getLocalPort();
            }
        }
    }
}
