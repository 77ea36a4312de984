package dev.muster.console;

import dev.muster.control.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folder that Muster runs from, made by the build:
///
/// | path | what |
/// |---|---|
/// | `muster` | the launcher |
/// | `lib/*.jar` | what every process of an application needs; comes first on its class path |
/// | `lib/logging/*.jar` | comes last, if the application brings no SLF4J provider of its own |
/// | `lib/cli/*.jar` | the command line; not on the class path of applications |
/// | `examples/NAME.jar` | what `muster run NAME` runs |
/// | `examples/lib/*.jar` | what some examples need beyond that; the manifests of their jars name it |
/// | `aot/*.aot` | caches of the JVM: of the command line, and of the demo's master and children |
///
/// @param home absolute
record Distribution(Path home) {
    /// The one that this command line was started from.
    ///
    /// @throws Refusal if it was started in another way
    static Distribution current() {
        String home = System.getProperty("muster.home", "");
        if (home.isEmpty()) {
            throw new Refusal(
                    ExitCode.INTERNAL, "the property muster.home is not set; start this with the muster script");
        }
        return new Distribution(Path.of(home).toAbsolutePath().normalize());
    }

    /// The version of Muster.
    static String version() {
        try (InputStream in =
                Distribution.class.getResourceAsStream("/META-INF/maven/dev.muster/console/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "of a development build");
        } catch (IOException _) {
            return "unknown";
        }
    }

    /// What every process of an application needs, always in the same order, so that a cache fits.
    List<Path> libraries() {
        return jars(home.resolve("lib"));
    }

    /// The log back end for applications without one.
    List<Path> logging() {
        return jars(home.resolve("lib/logging"));
    }

    /// The jar of an example; it need not exist.
    Path example(String name) {
        return home.resolve("examples").resolve(name + ".jar");
    }

    /// The names of the examples, in words for a message.
    String examples() {
        return jars(home.resolve("examples")).stream()
                .map(jar -> jar.getFileName().toString().replace(".jar", ""))
                .collect(Collectors.joining(", "));
    }

    /// A cache of the JVM: `cli`, `master`, `pool` or `user`. It need not exist.
    Path cache(String name) {
        return home.resolve("aot").resolve(name + ".aot");
    }

    /// Jars as the JVM takes them.
    static String classPath(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Refusal(
                    ExitCode.INTERNAL, "the distribution folder is not complete: cannot list " + directory + ": " + e);
        }
    }
}
