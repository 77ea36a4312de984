package dev.muster.broker.postgres;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;

/// Makes the sockets of the driver, which finds it by its name: it says at once whether there is something to read.
///
/// To find out whether another notification follows the one that it has just read, the driver sets a time-out of one
/// millisecond and reads. Whoever listens would be told that millisecond later, each time. No other time-out is so
/// short: those of people are in seconds.
public final class PromptSockets extends SocketFactory {
    private static final int GLANCE_MILLIS = 1;

    /// For the driver.
    public PromptSockets() {}

    @Override
    public Socket createSocket() {
        return new Prompt();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new Prompt(), InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new Prompt(), host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        Socket socket = new Prompt();
        socket.bind(new InetSocketAddress(localHost, localPort));
        return connected(socket, host, port);
    }

    private static Socket connected(Socket socket, InetAddress host, int port) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static final class Prompt extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    glance();
                    return super.read();
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    glance();
                    return super.read(bytes, from, length);
                }

                private void glance() throws IOException {
                    if (getSoTimeout() == GLANCE_MILLIS && available() == 0) {
                        throw new SocketTimeoutException("there is nothing to read");
                    }
                }
            };
        }
    }
}
