package dev.muster.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A program that the benchmark starts and ends: a server, or the worker of a peer. What it says goes to a file in its
/// directory.
///
/// **Threads:** one. **Lifetime:** [#close] asks it to end and kills it if it has not within 10 s; so does the end of
/// this JVM, unless that is killed.
final class ServerProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(2);
    private static final int MOST_SAID = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final Path output;
    private final Thread atExit;

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
        this.atExit = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// @param directory where it works
    static ServerProcess start(Path directory, List<String> command) {
        return start(directory, command, Map.of());
    }

    /// @param environment in addition to that of this JVM
    static ServerProcess start(Path directory, List<String> command, Map<String, String> environment) {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst() + "; is it installed?", e);
        }
    }

    /// Runs a program to its end.
    ///
    /// @throws IllegalStateException if it fails
    static void run(Path directory, List<String> command) {
        run(directory, command, Map.of());
    }

    /// @param environment in addition to that of this JVM
    /// @throws IllegalStateException if it fails
    static void run(Path directory, List<String> command, Map<String, String> environment) {
        try (ServerProcess program = start(directory, command, environment)) {
            int code = program.process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with " + code + ": " + program.said());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("there is no free port", e);
        }
    }

    /// Waits for a condition while the program runs.
    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new IllegalStateException("waiting for " + what + ", which has ended: " + said());
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + " was not seen within " + LIMIT.toSeconds() + " s: " + said());
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    /// How its output begins: one that fails may say the same again and again.
    private String said() {
        try (InputStream file = Files.newInputStream(output)) {
            return new String(file.readNBytes(MOST_SAID), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The processor time that it and those below it have taken, in milliseconds.
    long cpuMillis() {
        List<ProcessHandle> all = new ArrayList<>(List.of(process.toHandle()));
        try (Stream<ProcessHandle> below = process.descendants()) {
            below.forEach(all::add);
        }
        return all.stream().mapToLong(one -> ProcessorTime.ofFamily(one.pid())).sum();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            boolean _ = Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
