package dev.muster.os;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/// A port of the loopback address that nobody has, for tests that listen on it themselves.
///
/// Not one of those that the kernel gives to whoever asks for any: somebody else, or the very connection that looks
/// whether anybody listens there, could have it afterwards. And nobody listens on it to find out: a child that another
/// test has just forked would go on with that until its exec.
public final class FreePort {
    private FreePort() {}

    public static int any() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (Socket found = new Socket()) {
                found.setReuseAddress(true);
                found.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (BindException _) {
                // Another one, then.
            }
        }
    }
}
