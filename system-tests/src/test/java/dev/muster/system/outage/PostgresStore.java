package dev.muster.system.outage;

import dev.muster.broker.postgres.TestServer;
import java.io.IOException;
import java.nio.file.Path;

/// A PostgreSQL.
record PostgresStore(TestServer server) implements Store {
    static PostgresStore start(Path place) throws IOException {
        return new PostgresStore(TestServer.start(place));
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public String url(int port) {
        return server.url(port);
    }

    @Override
    public String broker() {
        return "postgres";
    }

    @Override
    public void stop() throws IOException {
        server.stop();
    }

    @Override
    public void again() throws IOException {
        server.again();
    }

    @Override
    public void replace() throws IOException {
        server.replace();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
