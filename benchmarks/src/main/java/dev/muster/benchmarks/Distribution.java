package dev.muster.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The distribution folder that the build makes.
///
/// @param home absolute
record Distribution(Path home) {
    /// The one that the property `muster.home` names.
    static Distribution current() {
        Path home = Path.of(System.getProperty("muster.home", "target/dist")).toAbsolutePath();
        if (!Files.isExecutable(home.resolve("muster"))) {
            throw new IllegalStateException(
                    home + " is no distribution folder: muster is missing; build it with ./mvnw package");
        }
        return new Distribution(home);
    }

    /// The launcher.
    Path muster() {
        return home.resolve("muster");
    }

    /// A cache that the build has made for the demo: `master`, `pool` or `user`.
    Path cache(String name) {
        Path cache = home.resolve("aot").resolve(name + ".aot");
        if (!Files.isReadable(cache)) {
            throw new IllegalStateException("there is no cache " + cache + "; the build has not made it");
        }
        return cache;
    }

    /// The class path of the measured application.
    ///
    /// @param cached whether the caches of the demo fit: what follows Muster's own jars must begin as the demo's
    ///     class path does, and the jar of the application comes behind it
    List<Path> classPath(boolean cached) {
        List<Path> jars = new ArrayList<>();
        if (cached) {
            boolean _ = jars.add(home.resolve("examples/demo.jar"));
            boolean _ = jars.addAll(jarsIn(home.resolve("lib/logging")));
        }
        boolean _ = jars.add(own());
        return jars;
    }

    /// The class path of the application that is made like a real one: its jar and some sixty others.
    List<Path> realisticClassPath() {
        Path built = Path.of("benchmarks/realistic/target").toAbsolutePath();
        Path application = built.resolve("realistic.jar");
        if (!Files.isReadable(application)) {
            throw new IllegalStateException(application + " is missing; benchmarks/run realistic makes it");
        }
        List<Path> jars = new ArrayList<>(List.of(application, own()));
        boolean _ = jars.addAll(jarsIn(built.resolve("lib")));
        return jars;
    }

    /// The application whose processes talk with each other, and its counterpart in C.
    Path talking() {
        Path built = Path.of("benchmarks/talking/target").toAbsolutePath();
        if (!Files.isExecutable(built.resolve("pipes"))) {
            throw new IllegalStateException(built + "/pipes is missing; benchmarks/run talking makes it");
        }
        return built;
    }

    private static Path own() {
        try {
            return Path.of(MeasuredApp.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the benchmarks do not come from a file", e);
        }
    }

    private static List<Path> jarsIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}
