package dev.muster.worker;

import dev.muster.Server;
import dev.muster.ServerStats;
import dev.muster.control.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The application as a child sees it: everything is asked of the master.
///
/// **Threads:** safe for use by many threads. **Failure:** with the master gone, calls throw until the process is gone
/// too.
final class ChildServer implements Server {
    private final MasterPort link;
    private final long master;
    private final Duty duty;

    /// @param duty which slot this process fills
    ChildServer(MasterPort link, long master, Duty duty) {
        this.link = link;
        this.master = master;
        this.duty = duty;
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
                    line.unitsFailed()));
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

    private void order(Message message, String what) {
        try {
            link.send(message);
        } catch (IOException e) {
            throw new IllegalStateException("cannot " + what + ": the connection to the master is lost", e);
        }
    }
}
