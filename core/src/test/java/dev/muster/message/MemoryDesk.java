package dev.muster.message;

import dev.muster.ConnectionInfo;
import dev.muster.web.ConnectionDesk;
import dev.muster.web.ConnectionIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// A web worker without a network: its connections keep what is sent to them.
///
/// **Threads:** any.
final class MemoryDesk implements ConnectionDesk {
    static final Instant OPENED = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);

    /// Something that was sent to a connection.
    record Sent(boolean text, byte[] data) {}

    private static final class Connection {
        private final String path;
        private final List<Sent> sent = new ArrayList<>();
        private String user = "";

        Connection(String path) {
            this.path = path;
        }
    }

    private final int life;
    private final int slot;
    private final Map<Long, Connection> open = new ConcurrentSkipListMap<>();
    private final List<String> ends = new ArrayList<>();
    private long opened;

    MemoryDesk(int life, int slot) {
        this.life = life;
        this.slot = slot;
    }

    /// A client has come.
    synchronized long open(String path) {
        long id = ConnectionIds.of(life, ++opened);
        open.put(id, new Connection(path));
        return id;
    }

    /// All that was sent to a connection, in order.
    synchronized List<Sent> sent(long id) {
        Connection there = open.get(id);
        return there == null ? List.of() : List.copyOf(there.sent);
    }

    /// How connections were closed, in order.
    synchronized List<String> ends() {
        return List.copyOf(ends);
    }

    @Override
    public synchronized boolean push(long id, boolean text, byte[] data) {
        Connection to = open.get(id);
        return to != null && to.sent.add(new Sent(text, data));
    }

    @Override
    public synchronized int broadcast(boolean text, byte[] data) {
        open.values().forEach(each -> each.sent.add(new Sent(text, data)));
        return open.size();
    }

    @Override
    public synchronized boolean close(long id, int code, String reason) {
        return open.remove(id) != null && ends.add(id + " " + code + " " + reason);
    }

    @Override
    public boolean established(long id) {
        return open.containsKey(id);
    }

    @Override
    public synchronized List<Long> all() {
        return List.copyOf(open.keySet());
    }

    @Override
    public synchronized Optional<ConnectionInfo> info(long id) {
        return Optional.ofNullable(open.get(id))
                .map(there -> new ConnectionInfo(
                        id,
                        slot,
                        "[2001:db8::1]:4711",
                        there.path,
                        OPENED,
                        OPENED.plusNanos(1),
                        there.user,
                        there.sent.size()));
    }

    @Override
    public synchronized boolean bind(long id, String user) {
        Connection of = open.get(id);
        if (of != null) {
            of.user = user;
        }
        return of != null;
    }

    @Override
    public synchronized List<Long> of(String user) {
        List<Long> ids = new ArrayList<>();
        open.forEach((id, each) -> {
            if (each.user.equals(user)) {
                ids.add(id);
            }
        });
        return ids;
    }
}
