package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A real process of a test. Closing it kills its whole group, collects it and asserts that nothing of it is left.
final class Child implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path HERE = Path.of("").toAbsolutePath();

    final int pid;
    private final int out;
    private final int err;
    private final StringBuilder unread = new StringBuilder();
    private Optional<ExitStatus> status = Optional.empty();

    private Child(int pid, int out, int err) {
        this.pid = pid;
        this.out = out;
        this.err = err;
    }

    static Child start(Path executable, List<String> argv, Map<String, String> environment, Path dir, boolean session) {
        return start(executable, argv, environment, dir, SpawnRequest.NO_INPUT, session);
    }

    private static Child start(
            Path executable, List<String> argv, Map<String, String> environment, Path dir, int input, boolean session) {
        int[] out = Fd.pipe();
        int[] err = Fd.pipe();
        try {
            int pid =
                    Spawner.spawn(new SpawnRequest(executable, argv, environment, dir, input, out[1], err[1], session));
            return new Child(pid, out[0], err[0]);
        } catch (RuntimeException e) {
            Fd.close(out[0]);
            Fd.close(err[0]);
            throw e;
        } finally {
            Fd.close(out[1]);
            Fd.close(err[1]);
        }
    }

    static Child sh(String script) {
        return start(Path.of("/bin/sh"), List.of("sh", "-c", script), System.getenv(), HERE, false);
    }

    static Child sleep() {
        return start(Path.of("/bin/sleep"), List.of("sleep", "60"), Map.of(), HERE, false);
    }

    /// A virtual machine that runs [Probe]; arguments that begin with `-X` are its options.
    static Child jvm(String... arguments) {
        return start(java(), probe(arguments), environment(), HERE, false);
    }

    /// The same, with a descriptor of this process as standard input.
    static Child jvmReading(int input, String... arguments) {
        return start(java(), probe(arguments), environment(), HERE, input, false);
    }

    static Child shReading(int input, String script) {
        return start(Path.of("/bin/sh"), List.of("sh", "-c", script), System.getenv(), HERE, input, false);
    }

    static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(key -> key.startsWith("JAVA_TOOL") || key.startsWith("JDK_JAVA"));
        return environment;
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    static List<String> probe(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(
                "java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                location(Spawner.class) + ":" + location(Probe.class),
                Probe.class.getName()));
        for (String argument : arguments) {
            if (argument.startsWith("-XX:+Use")) {
                argv.set(1, argument);
            } else if (argument.startsWith("-X")) {
                argv.set(3, argument);
            } else {
                argv.add(argument);
            }
        }
        return argv;
    }

    /// The same as a line for a shell.
    static String shellLine(String... arguments) {
        List<String> words = new ArrayList<>(probe(arguments));
        words.set(0, java().toString());
        return "'" + String.join("' '", words) + "'";
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The next line of standard output.
    String line() {
        while (unread.indexOf("\n") < 0) {
            String more = readSome(out);
            assertThat(more)
                    .as("output of %s ended; standard error: %s", pid, more.isEmpty() ? readAll(err) : "")
                    .isNotEmpty();
            unread.append(more);
        }
        int end = unread.indexOf("\n");
        String line = unread.substring(0, end);
        unread.delete(0, end + 1);
        return line;
    }

    /// Standard output to its end.
    String output() {
        String all = unread + readAll(out);
        unread.setLength(0);
        return all;
    }

    /// Standard error to its end.
    String errors() {
        return readAll(err);
    }

    /// Waits for the end and collects.
    ExitStatus end() {
        if (status.isEmpty()) {
            try (Pidfd pidfd = Pidfd.open(pid)) {
                awaitReadable(pidfd.fd());
            }
            status = Wait.tryReap(pid);
        }
        return status.orElseThrow();
    }

    @Override
    public void close() {
        boolean _ = Signals.sendGroup(pid, Signals.KILL);
        ExitStatus _ = end();
        Fd.close(out);
        Fd.close(err);
        assertThat(Identity.of(pid)).as("process %s is left", pid).isEmpty();
    }

    private static String readAll(int fd) {
        StringBuilder all = new StringBuilder();
        for (String some = readSome(fd); !some.isEmpty(); some = readSome(fd)) {
            all.append(some);
        }
        return all.toString();
    }

    private static String readSome(int fd) {
        awaitReadable(fd);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
        return Fd.read(fd, buffer) == Fd.EOF
                ? ""
                : StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    private static void awaitReadable(int fd) {
        try (Poller poller = new Poller()) {
            poller.add(fd, Poller.IN, 0);
            assertThat(poller.poll(LIMIT, (_, _) -> {}))
                    .as("nothing came within %s", LIMIT)
                    .isEqualTo(1);
        }
    }
}
