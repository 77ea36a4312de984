package dev.muster.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The class path of this test, also under Surefire, in the orders in which applications get it.
///
/// **Threads:** any.
final class TestClassPath {
    private TestClassPath() {}

    private static List<Path> entries() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<Path> entries = new ArrayList<>();
        for (String entry : own.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                entries.add(Path.of(entry).toAbsolutePath());
            }
        }
        return entries;
    }

    /// Its jars, in their order.
    static List<Path> libraries() {
        return entries().stream().filter(Files::isRegularFile).toList();
    }

    /// A jar, and the whole class path behind it: what is in the jar is found first.
    static String behind(Path jar) {
        List<Path> all = new ArrayList<>(List.of(jar));
        all.addAll(entries());
        return text(all);
    }

    /// The libraries, then the rest with `instead` in the place of `replaced`. All applications begin alike then,
    /// so that they can use one cache of the virtual machine.
    static String before(Path instead, Path replaced) {
        List<Path> all = new ArrayList<>(libraries());
        for (Path entry : entries()) {
            if (!Files.isRegularFile(entry)) {
                all.add(entry.equals(replaced) ? instead : entry);
            }
        }
        if (!all.contains(instead)) {
            all.add(instead);
        }
        return text(all);
    }

    static String text(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
