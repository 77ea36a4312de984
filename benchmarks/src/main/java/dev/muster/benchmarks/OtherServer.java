package dev.muster.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server that is no Muster: a command that prints "ready" when it listens.
///
/// **Lifetime:** [#close] kills it and its children.
final class OtherServer implements AutoCloseable {
    private final Process process;

    private OtherServer(Process process) {
        this.process = process;
    }

    /// Starts it, and returns when it is ready.
    static OtherServer start(List<String> command) throws IOException {
        OtherServer server = new OtherServer(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        String ready = server.process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"ready".equals(ready)) {
            throw new IOException(String.join(" ", command) + " says " + ready);
        }
        return server;
    }

    /// A class of [web](../../../../../web) with the collector and the heap of a web worker, and the port as
    /// argument.
    static OtherServer java(String main, String classPath, int port) throws IOException {
        return start(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms8m",
                "-Xmn4m",
                "-Xmx256m",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1",
                "-cp",
                classPath,
                main,
                Integer.toString(port)));
    }

    /// Swoole, null if nobody has said with `-Dmuster.swoole` where its extension of PHP is.
    ///
    /// @param mode base or process
    static @Nullable OtherServer swoole(int port, String mode, int workers) throws IOException {
        String extension = System.getProperty("muster.swoole", "");
        if (extension.isEmpty()) {
            return null;
        }
        return start(List.of(
                "php",
                "-d",
                "extension=" + extension,
                Path.of("benchmarks/web/swoole/server.php").toString(),
                Integer.toString(port),
                mode,
                Integer.toString(workers)));
    }

    /// All of its processes.
    List<Long> pids() {
        List<Long> pids = new ArrayList<>(List.of(process.pid()));
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.map(ProcessHandle::pid).forEach(pids::add);
        }
        return pids;
    }

    @Override
    public void close() {
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.toList().forEach(ProcessHandle::destroyForcibly);
        }
        // The next one takes its port.
        Process _ = process.destroyForcibly().onExit().join();
    }
}
