package dev.muster.broker.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A real PostgreSQL of a test's own, to be stopped and started. A task that it has accepted is in its log before the
/// answer, so that it survives a crash of the server, though not one of the machine.
///
/// **Threads:** one. **Lifetime:** [#close] ends the processes; so does the end of this JVM, also if that is killed.
public final class TestServer implements AutoCloseable {
    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private EmbeddedPostgres postgres;

    private TestServer(Path data, int port, Map<String, String> settings) throws IOException {
        this.data = data;
        this.port = port;
        this.settings = settings;
        this.postgres = launch();
        endWithThisJvm();
    }

    /// Starts it.
    ///
    /// @param directory for its files
    public static TestServer start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /// Starts it with settings of its configuration.
    static TestServer start(Path directory, Map<String, String> settings) throws IOException {
        Map<String, String> all = new TreeMap<>(Map.of("synchronous_commit", "on", "listen_addresses", "127.0.0.1"));
        all.putAll(settings);
        return new TestServer(directory.resolve("postgres"), freePort(), all);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedPostgres launch() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port);
        settings.forEach(builder::setServerConfig);
        return builder.start();
    }

    /// A JVM that is killed runs no hook, but its end closes this pipe.
    private void endWithThisJvm() throws IOException {
        String script = "cat >/dev/null; pid=$(head -n 1 \"$0/postmaster.pid\" 2>/dev/null) && kill -QUIT \"$pid\"";
        Process _ = new ProcessBuilder("setsid", "sh", "-c", script, data.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Its address for `tasks.postgres.url`.
    public String url() {
        return url(port);
    }

    /// Its address by way of another port, as one of a line to it.
    public String url(int by) {
        return "postgres://postgres:secret-of-nobody@127.0.0.1:" + by + "/postgres";
    }

    /// Its port on the loopback interface.
    public int port() {
        return port;
    }

    /// Ends it in an orderly way, breaking all connections; [#again] starts it anew on the same port.
    public void stop() throws IOException {
        postgres.close();
    }

    /// Ends it at once, as a crash does.
    public void crash() throws IOException, InterruptedException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
        int _ = new ProcessBuilder("kill", "-QUIT", pid.strip()).start().waitFor();
        while (ProcessHandle.of(Long.parseLong(pid.strip())).isPresent()) {
            Thread.onSpinWait();
        }
        postgres.close();
    }

    /// Starts it once more.
    public void again() throws IOException {
        postgres = launch();
    }

    /// Ends it, and starts another one in its place, which has nothing.
    public void replace() throws IOException {
        postgres.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        postgres = launch();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
