package dev.muster.console;

import dev.muster.control.ExitCode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/// An application on disk, not yet started.
///
/// @param mainClass binary name of the class with `main`
/// @param classPath its jars and directories, absolute, in its own order
/// @param code the one of them that holds the main class
/// @param example whether it is one of Muster's examples
record Application(String mainClass, List<Path> classPath, Path code, boolean example) {
    private static final String DEMO = "dev.muster.examples.demo.DemoApp";
    private static final String PROVIDER = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    /// A jar, or the name of an example.
    ///
    /// @throws Refusal if there is none, or it cannot be run
    static Application named(String app) {
        Path file = Path.of(app).toAbsolutePath().normalize();
        boolean name = !app.contains(File.separator) && !app.endsWith(".jar") && !Files.isRegularFile(file);
        if (!name) {
            return ofJar(file, false);
        }
        Distribution distribution = Distribution.current();
        Path example = distribution.example(app);
        if (Files.isRegularFile(example)) {
            return ofJar(example, true);
        }
        throw wrong("there is no application '" + app + "': neither a file " + file + " nor an example (there are: "
                + distribution.examples() + "); give a jar, or -cp PATH MainClass");
    }

    /// A class path and a main class.
    ///
    /// @throws Refusal if an entry does not exist, or none has the class
    static Application ofClassPath(String path, String mainClass) {
        Set<Path> entries = new LinkedHashSet<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (entry.endsWith("*")) {
                entries.addAll(jarsIn(Path.of(entry.substring(0, entry.length() - 1))));
            } else if (!entry.isEmpty()) {
                addWithManifest(entries, Path.of(entry).toAbsolutePath().normalize());
            }
        }
        return of(mainClass, entries, "the class path " + path, false);
    }

    private static Application ofJar(Path jar, boolean example) {
        if (!Files.isRegularFile(jar)) {
            throw wrong("the application " + jar + " does not exist, or is no file");
        }
        Attributes manifest = manifest(jar);
        String main = manifest.getValue(Attributes.Name.MAIN_CLASS);
        boolean fat = manifest.getValue("Spring-Boot-Version") != null || manifest.getValue("Start-Class") != null;
        if (fat || main != null && main.startsWith("org.springframework.boot.loader.")) {
            throw wrong(
                    jar + " is a Spring Boot fat jar, which is not supported: its classes lie in jars within the jar;"
                            + " unpack it with 'java -Djarmode=tools -jar " + jar.getFileName()
                            + " extract' and run the extracted jar");
        }
        if (main == null) {
            throw wrong(
                    jar + " has no Main-Class in its manifest; add it, or name the class: -cp " + jar + " MainClass");
        }
        Set<Path> entries = new LinkedHashSet<>();
        addWithManifest(entries, jar);
        return of(main.strip(), entries, "the manifest of " + jar, example);
    }

    private static Application of(String mainClass, Set<Path> entries, String origin, boolean example) {
        String file = mainClass.replace('.', '/') + ".class";
        for (Path entry : entries) {
            if (!Files.exists(entry)) {
                throw wrong("the class path entry " + entry + " does not exist (" + origin + ")");
            }
        }
        for (Path entry : entries) {
            if (contains(entry, file)) {
                return new Application(mainClass, List.copyOf(entries), entry, example);
            }
        }
        throw wrong("the main class " + mainClass + " is not on the class path (" + origin + "): no " + file);
    }

    /// The name without its package, which is the default name of the application.
    String simpleName() {
        return mainClass.substring(Math.max(mainClass.lastIndexOf('.'), mainClass.lastIndexOf('$')) + 1);
    }

    /// What holds for it where nobody says otherwise: the demo shows a page.
    List<String> sets() {
        return example && mainClass.equals(DEMO)
                ? List.of("server.host=127.0.0.1", "server.port=9501", "server.workers=2")
                : List.of();
    }

    /// Whether it brings a log back end of its own.
    boolean bringsLogging() {
        return classPath.stream().anyMatch(entry -> contains(entry, PROVIDER));
    }

    /// A jar and the jars that its manifest names, as the JVM would add them; those that do not exist are left out.
    private static void addWithManifest(Set<Path> entries, Path entry) {
        if (!entries.add(entry) || !Files.isRegularFile(entry)) {
            return;
        }
        String more = manifest(entry).getValue(Attributes.Name.CLASS_PATH);
        for (String relative : more == null ? new String[0] : more.strip().split(" +", -1)) {
            URI uri = entry.toUri().resolve(relative);
            if (!relative.isEmpty() && "file".equals(uri.getScheme()) && Files.exists(Path.of(uri))) {
                addWithManifest(entries, Path.of(uri));
            }
        }
    }

    private static List<Path> jarsIn(Path directory) {
        try (Stream<Path> files = Files.list(directory.toAbsolutePath().normalize())) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw wrong("the class path entry " + directory + "* cannot be listed: " + e);
        }
    }

    private static boolean contains(Path entry, String file) {
        if (Files.isDirectory(entry)) {
            return Files.isRegularFile(entry.resolve(file));
        }
        try (JarFile jar = new JarFile(entry.toFile(), false)) {
            return jar.getEntry(file) != null;
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    private static Attributes manifest(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return manifest == null ? new Attributes() : manifest.getMainAttributes();
        } catch (IOException e) {
            throw unreadable(jar, e);
        }
    }

    private static Refusal unreadable(Path jar, IOException e) {
        return wrong(jar + (e instanceof ZipException ? " is not a jar: " : " cannot be read: ") + e.getMessage());
    }

    private static Refusal wrong(String sentence) {
        return new Refusal(ExitCode.CONFIGURATION, sentence);
    }
}
