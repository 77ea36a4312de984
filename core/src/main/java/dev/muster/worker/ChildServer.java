package dev.muster.worker;

import dev.muster.ConnectionInfo;
import dev.muster.Connections;
import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.Pipe;
import dev.muster.Role;
import dev.muster.Server;
import dev.muster.ServerStats;
import dev.muster.control.Message;
import dev.muster.message.Post;
import dev.muster.message.Utf8;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The application as a child sees it: everything is asked of the master.
///
/// **Threads:** safe for use by many threads. **Failure:** with the master gone, calls throw until the process is gone
/// too.
final class ChildServer implements Server {
    private final MasterPort link;
    private final long master;
    private final Duty duty;
    private final Post post;
    private final ServerCalls calls;
    private final Connections connections;

    /// @param duty which slot this process fills
    /// @param lane where the events of this process go
    ChildServer(MasterPort link, long master, Duty duty, EventLane lane) {
        this.link = link;
        this.master = master;
        this.duty = duty;
        this.post = lane.post();
        this.calls = new ServerCalls(lane);
        this.connections = post.connections();
    }

    @Override
    public int workerId() {
        return duty.slot();
    }

    @Override
    public long masterPid() {
        return master;
    }

    @Override
    public ServerStats stats() {
        Message.StatsReply reply = link.stats();
        List<ServerStats.SlotStats> lines = new ArrayList<>(reply.slots().size());
        for (Message.SlotLine line : reply.slots()) {
            lines.add(new ServerStats.SlotStats(
                    line.slot(),
                    line.role(),
                    line.name(),
                    line.pid(),
                    line.state(),
                    line.uptimeMillis(),
                    line.restarts(),
                    line.unitsDone(),
                    line.unitsFailed(),
                    line.backlog()));
        }
        return new ServerStats(
                Instant.ofEpochMilli(reply.startedAtEpochMillis()), reply.health(), lines, link.inline());
    }

    @Override
    public void stop(int slot) {
        int slots = stats().slots().size();
        if (slot < 0 || slot >= slots) {
            throw new IllegalArgumentException(
                    "cannot stop slot " + slot + ": the application has the slots 0 to " + (slots - 1));
        }
        order(new Message.StopSlot(slot), "stop slot " + slot);
    }

    @Override
    public void reload(String scope) {
        order(new Message.OrderReload(scope), "reload " + (scope.isEmpty() ? "the application" : scope));
    }

    @Override
    public void shutdown() {
        order(new Message.Shutdown(), "shut the application down");
    }

    @Override
    public void sendMessage(byte[] message, int slot) {
        try {
            post.send(message, atLeastZero(slot));
        } catch (MessageException e) {
            throw e.reason() == Reason.NOBODY ? nobody(e, slot, false) : e;
        }
    }

    @Override
    public void sendMessage(String message, int slot) {
        sendMessage(Utf8.bytes(message), slot);
    }

    @Override
    public Pipe pipe(int slot) {
        try {
            return post.pipe(atLeastZero(slot));
        } catch (MessageException e) {
            throw e.reason() == Reason.NOBODY ? nobody(e, slot, true) : e;
        }
    }

    @Override
    public long task(byte[] data) {
        return calls.task(data);
    }

    @Override
    public long task(String data) {
        return calls.task(Utf8.bytes(data));
    }

    @Override
    public CompletableFuture<byte[]> taskAsync(byte[] data) {
        return calls.async(data);
    }

    @Override
    public byte[] taskWait(byte[] data, Duration wait) {
        return calls.await(data, wait);
    }

    @Override
    public List<CompletableFuture<byte[]>> taskWaitMulti(List<byte[]> tasks, Duration wait) {
        return calls.awaitAll(tasks, wait);
    }

    @Override
    public boolean push(long connectionId, String text) {
        return connections.push(connectionId, text);
    }

    @Override
    public boolean push(long connectionId, byte[] data) {
        return connections.push(connectionId, data);
    }

    @Override
    public int push(Collection<Long> connectionIds, String text) {
        return connections.push(connectionIds, text);
    }

    @Override
    public int push(Collection<Long> connectionIds, byte[] data) {
        return connections.push(connectionIds, data);
    }

    @Override
    public int broadcast(String text) {
        return connections.broadcast(text);
    }

    @Override
    public int broadcast(byte[] data) {
        return connections.broadcast(data);
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        return connections.close(connectionId, code, reason);
    }

    @Override
    public boolean isEstablished(long connectionId) {
        return connections.isEstablished(connectionId);
    }

    @Override
    public boolean exists(long connectionId) {
        return connections.exists(connectionId);
    }

    @Override
    public List<Long> connections() {
        return connections.connections();
    }

    @Override
    public Optional<ConnectionInfo> connection(long connectionId) {
        return connections.connection(connectionId);
    }

    @Override
    public boolean bind(long connectionId, String userId) {
        return connections.bind(connectionId, userId);
    }

    @Override
    public List<Long> connectionsOf(String userId) {
        return connections.connectionsOf(userId);
    }

    private static int atLeastZero(int slot) {
        if (slot < 0) {
            throw new IllegalArgumentException("there is no slot " + slot + ": slots are numbered from 0");
        }
        return slot;
    }

    /// What the master knows about a slot in which nobody takes messages.
    ///
    /// @param pipe whether its pipe was asked for
    private RuntimeException nobody(MessageException found, int slot, boolean pipe) {
        List<ServerStats.SlotStats> slots = stats().slots();
        if (slot >= slots.size()) {
            return new IllegalArgumentException(
                    "there is no slot " + slot + ": the application has the slots 0 to " + (slots.size() - 1));
        }
        ServerStats.SlotStats there = slots.get(slot);
        return new MessageException(
                Reason.NOBODY,
                false,
                found.getMessage() + " [slot " + slot + " is " + there.name() + ", "
                        + there.role().word() + ", " + there.state() + "; " + lacks(there.role(), pipe) + "]");
    }

    /// What it takes to take them. A process that lacks it opens no socket at all, so that it cannot say so itself.
    private static String lacks(Role role, boolean pipe) {
        return switch (role) {
            case USER -> "to have a pipe it must declare @UserProcess(pipe = PipeType.DATAGRAM), or STREAM";
            case WEB, TASK, POOL ->
                pipe
                        ? "only user processes have pipes"
                        : "to take messages it needs a @ServerEvents listener with onPipeMessage";
            case CONSOLE -> "it takes none";
        };
    }

    private void order(Message.FromChild message, String what) {
        try {
            link.send(message);
        } catch (IOException e) {
            throw new IllegalStateException("cannot " + what + ": the connection to the master is lost", e);
        }
    }
}
