package dev.muster.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A jar of classes that were chosen one by one: what is scanned for declarations is the whole jar of the main class,
/// and a module of tests holds the declarations of many applications.
final class AppJar {
    private AppJar() {}

    /// Writes the classes with all that are nested in them.
    static void write(Path jar, Iterable<Class<?>> classes) {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            Set<String> names = new TreeSet<>();
            for (Class<?> type : classes) {
                add(type, names);
            }
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                copy(name, zip);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + jar, e);
        }
    }

    /// Nested classes stand beside their outer class, anonymous ones too.
    private static void add(Class<?> type, Set<String> names) throws IOException {
        String path = type.getName().replace('.', '/');
        names.add(path + ".class");
        Path directory = directoryOf(type);
        String stem = path.substring(path.lastIndexOf('/') + 1);
        try (var beside = Files.newDirectoryStream(directory, stem + "$*.class")) {
            for (Path nested : beside) {
                names.add(path.substring(0, path.lastIndexOf('/') + 1) + nested.getFileName());
            }
        }
    }

    private static Path directoryOf(Class<?> type) {
        Path root = sourceOf(type);
        Path directory = root.resolve(type.getPackageName().replace('.', '/'));
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(type.getName() + " comes from " + root
                    + ": only classes from a directory can be packed, one from a jar can be named as it is");
        }
        return directory;
    }

    /// The directory or jar that a class was loaded from.
    static Path sourceOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(type.getName() + " does not come from a file", e);
        }
    }

    private static void copy(String name, ZipOutputStream zip) throws IOException {
        try (InputStream in = AppJar.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("there is no " + name + " on the class path");
            }
            long _ = in.transferTo(zip);
        }
    }
}
