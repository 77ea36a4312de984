package dev.muster.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds every process of one application by a variable in its environment, which children and grandchildren inherit
/// and no title can hide.
record Traces(String id) {
    static final String VARIABLE = "MUSTER_TEST_ID";

    List<Long> processes() {
        byte[] wanted = (VARIABLE + "=" + id).getBytes(StandardCharsets.UTF_8);
        List<Long> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) all::iterator) {
                String name = process.getFileName().toString();
                if (name.matches("\\d+") && has(process.resolve("environ"), wanted)) {
                    found.add(Long.parseLong(name));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read /proc", e);
        }
        return found;
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
}
