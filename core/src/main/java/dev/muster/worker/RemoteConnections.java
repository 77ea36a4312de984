package dev.muster.worker;

import dev.muster.ConnectionInfo;
import dev.muster.Connections;
import dev.muster.message.Post;
import java.util.List;
import java.util.Optional;

/// The WebSockets of all web workers, asked over the post.
///
/// **Threads:** any.
final class RemoteConnections implements Connections {
    private final Post post;

    RemoteConnections(Post post) {
        this.post = post;
    }

    Post post() {
        return post;
    }

    @Override
    public boolean push(long connectionId, String text) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public boolean push(long connectionId, byte[] data) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public int broadcast(String text) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public int broadcast(byte[] data) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public boolean isEstablished(long connectionId) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public boolean exists(long connectionId) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public List<Long> connections() {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public Optional<ConnectionInfo> connection(long connectionId) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public boolean bind(long connectionId, String userId) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public List<Long> connectionsOf(String userId) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }
}
