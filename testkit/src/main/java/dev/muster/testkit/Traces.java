package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Finds every process of one application by a variable in its environment, which children and grandchildren inherit
/// and no title can hide.
final class Traces {
    static final String VARIABLE = "MUSTER_TEST_ID";

    private final String id = UUID.randomUUID().toString();
    private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

    /// The value of the variable.
    String id() {
        return id;
    }

    /// Those that run. A process that is being killed has no environment any more, and is not among them.
    List<Long> processes() {
        byte[] wanted = (VARIABLE + "=" + id).getBytes(StandardCharsets.UTF_8);
        List<Long> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) all::iterator) {
                String name = process.getFileName().toString();
                if (name.matches("\\d+") && has(process.resolve("environ"), wanted)) {
                    long pid = Long.parseLong(name);
                    found.add(pid);
                    ProcessHandle.of(pid).ifPresent(seen::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read /proc", e);
        }
        return found;
    }

    /// Whether none runs, and those that were ever seen here are reaped.
    boolean areGone() {
        return processes().isEmpty() && seen.stream().noneMatch(ProcessHandle::isAlive);
    }

    private static boolean has(Path environ, byte[] wanted) {
        String content;
        try {
            content = new String(Files.readAllBytes(environ), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return false;
        }
        return content.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    }

    void killAll() {
        for (long pid : processes()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /// `kill -SIGNAL PID`, after a look at what there is: [#areGone] waits for those that die of it.
    void signal(String signal, long pid) {
        List<Long> _ = processes();
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).as("kill -%s %d", signal, pid).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
