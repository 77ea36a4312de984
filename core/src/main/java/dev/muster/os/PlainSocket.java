package dev.muster.os;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/// The serving side of a Unix socket in degraded mode, on channels. It does the work of [UnixSocket].
final class PlainSocket {
    private PlainSocket() {}

    static int listen(Path path, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean listening = false;
        try {
            var _ = channel.bind(UnixDomainSocketAddress.of(path), backlog);
            var _ = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            var _ = channel.configureBlocking(false);
            UserPrincipal self = Files.getOwner(path);
            int uid = (Integer) Files.getAttribute(path, "unix:uid");
            listening = true;
            return Descriptors.add(new Listening(channel, self, uid));
        } catch (IOException e) {
            throw new NativeException("bind(" + path + ")", e);
        } finally {
            if (!listening) {
                channel.close();
            }
        }
    }

    static int accept(int listening) {
        if (!(Descriptors.get(listening, "accept4") instanceof Listening server)) {
            throw new IllegalArgumentException("descriptor " + listening + " does not listen");
        }
        try {
            SocketChannel channel = server.channel.accept();
            if (channel == null) {
                return -1;
            }
            var _ = channel.configureBlocking(false);
            return Descriptors.add(new Connected(channel, server));
        } catch (IOException e) {
            throw new NativeException("accept4(" + listening + ")", e);
        }
    }

    static Peer peer(int connection) {
        if (!(Descriptors.get(connection, "getsockopt") instanceof Connected socket)) {
            throw new IllegalArgumentException("descriptor " + connection + " is no connection");
        }
        return new Peer(Peer.UNKNOWN, socket.uid(), Peer.UNKNOWN);
    }

    /// @param self the user of this process as the file system names it
    /// @param uid and its number
    private record Listening(ServerSocketChannel channel, UserPrincipal self, int uid)
            implements Descriptors.Descriptor {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record Connected(SocketChannel channel, Listening server) implements Descriptors.Descriptor {
        /// The platform tells a user by name only: this process's own is known by number, and so is the
        /// superuser.
        int uid() {
            try {
                UserPrincipal user =
                        channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
                return user.equals(server.self) ? server.uid : user.getName().equals("root") ? 0 : Peer.UNKNOWN;
            } catch (IOException | UnsupportedOperationException | LinkageError _) {
                // Only this user and the superuser can reach the socket: its directory and its file see to that.
                return server.uid;
            }
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return channel.write(from);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
