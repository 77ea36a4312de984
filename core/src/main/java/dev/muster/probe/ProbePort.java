package dev.muster.probe;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;

/// The port of the console. A replacement that is booted beside its predecessor shares the port with it for as long as
/// both live; anybody else's port is refused.
public final class ProbePort {
    private static final int BACKLOG = 128;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final int LONGEST_ANSWER = 8 * 1024;

    private ProbePort() {}

    /// Listens.
    ///
    /// @param master the process id of the master, by which the predecessor is known
    /// @throws IOException that names the port, if it belongs to somebody else or cannot be had
    public static ServerSocketChannel open(String host, int port, long master) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("cannot answer health probes: health.host = " + host
                    + " is not an address of this machine; give one, such as 127.0.0.1 or 0.0.0.0");
        }
        try {
            // Without the option to share, to see whether the port is free: with it, the kernel would let two
            // applications of one user answer on the same port in turn.
            bind(address, false).close();
        } catch (BindException e) {
            if (!isPredecessor(address, master)) {
                throw refusal(host, port, e);
            }
        }
        try {
            return bind(address, true);
        } catch (BindException e) {
            throw refusal(host, port, e);
        }
    }

    private static IOException refusal(String host, int port, BindException why) {
        return new IOException(
                "cannot answer health probes on " + host + " port " + port + " (" + why.getMessage()
                        + "); it is tried again, the rest of the application goes on; free the port, or set"
                        + " health.port or health.host",
                why);
    }

    private static ServerSocketChannel bind(InetSocketAddress address, boolean shared) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, shared);
            channel.bind(address, BACKLOG);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Whether a console of the same master answers there.
    private static boolean isPredecessor(InetSocketAddress address, long master) {
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, address.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + HealthProbe.DETAIL + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] answer = socket.getInputStream().readNBytes(LONGEST_ANSWER);
            return new String(answer, StandardCharsets.UTF_8).contains("\"masterPid\":" + master + ",");
        } catch (IOException _) {
            return false;
        }
    }
}
