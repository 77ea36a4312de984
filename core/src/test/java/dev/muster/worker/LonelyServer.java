package dev.muster.worker;

import dev.muster.ConnectionInfo;
import dev.muster.Health;
import dev.muster.Pipe;
import dev.muster.Server;
import dev.muster.ServerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The application around a loop that is tested alone: one slot and no master.
final class LonelyServer implements Server {
    @Override
    public int workerId() {
        return 0;
    }

    @Override
    public long masterPid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public ServerStats stats() {
        return new ServerStats(Instant.EPOCH, new Health(Health.Status.OK, "", true, true, 1), List.of(), false);
    }

    @Override
    public void stop(int slot) {
        throw new IllegalStateException("there is no master");
    }

    @Override
    public void reload(String scope) {
        throw new IllegalStateException("there is no master");
    }

    @Override
    public void shutdown() {
        throw new IllegalStateException("there is no master");
    }

    @Override
    public void sendMessage(byte[] message, int slot) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public void sendMessage(String message, int slot) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public Pipe pipe(int slot) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public long task(byte[] data) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public long task(String data) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public CompletableFuture<byte[]> taskAsync(byte[] data) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public byte[] taskWait(byte[] data, Duration wait) {
        throw new IllegalStateException("there is no other process");
    }

    @Override
    public List<CompletableFuture<byte[]>> taskWaitMulti(List<byte[]> tasks, Duration wait) {
        throw new IllegalStateException("there is no other process");
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
    public int push(Collection<Long> connectionIds, String text) {
        throw new UnsupportedOperationException("a process without a post has no connections");
    }

    @Override
    public int push(Collection<Long> connectionIds, byte[] data) {
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
