package dev.muster.worker;

import dev.muster.os.Natives;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;

/// The listening socket of a web worker: the one that the master holds and has handed over as descriptor 0.
///
/// It must never be closed: closing a channel that was inherited sends the descriptors 0 to 2 to `/dev/null`, and with
/// them whatever is printed later.
final class WebPort {
    private static final int BACKLOG = 1_024;

    private WebPort() {}

    /// The socket of a process that a master has spawned.
    ///
    /// @throws IOException if it cannot be had
    static ServerSocketChannel handedOver(Declaration.Web declaration) throws IOException {
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel listening) {
            return listening;
        }
        if (!Natives.available()) {
            return own(declaration, true);
        }
        throw new IOException("the master has handed over no listening socket for port " + declaration.port() + ", but "
                + (inherited == null ? "nothing" : inherited));
    }

    /// A socket of this process alone, or, where a master cannot hand one over, of each worker: the kernel gives
    /// each new connection to one of them, and resets those that wait at one that ends.
    ///
    /// @param shared whether others listen on the same port
    static ServerSocketChannel own(Declaration.Web declaration, boolean shared) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        boolean bound = false;
        try {
            var _ = listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (shared) {
                var _ = listening.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            var _ = listening.bind(new InetSocketAddress(declaration.host(), declaration.port()), BACKLOG);
            bound = true;
            return listening;
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + declaration.host() + " port " + declaration.port() + ": " + e.getMessage(),
                    e);
        } finally {
            if (!bound) {
                listening.close();
            }
        }
    }
}
