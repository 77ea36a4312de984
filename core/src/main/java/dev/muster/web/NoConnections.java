package dev.muster.web;

import dev.muster.ConnectionInfo;
import java.util.List;
import java.util.Optional;

/// A desk without connections.
enum NoConnections implements ConnectionDesk {
    NONE;

    @Override
    public boolean push(long id, boolean text, byte[] data) {
        return false;
    }

    @Override
    public int broadcast(boolean text, byte[] data) {
        return 0;
    }

    @Override
    public boolean close(long id, int code, String reason) {
        return false;
    }

    @Override
    public boolean established(long id) {
        return false;
    }

    @Override
    public List<Long> all() {
        return List.of();
    }

    @Override
    public Optional<ConnectionInfo> info(long id) {
        return Optional.empty();
    }

    @Override
    public boolean bind(long id, String user) {
        return false;
    }

    @Override
    public List<Long> of(String user) {
        return List.of();
    }
}
