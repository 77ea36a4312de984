package dev.muster.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Class files in a jar.
record JarSource(Path file, ZipFile zip) implements CodeSource {
    /// Opens the jar.
    ///
    /// @throws java.util.zip.ZipException if it is not one
    static JarSource open(Path file) throws IOException {
        return new JarSource(file, new ZipFile(file.toFile()));
    }

    /// Whether its classes lie where only the loader of Spring Boot finds them.
    boolean isSpringBoot() throws IOException {
        Optional<byte[]> manifest = find("META-INF/MANIFEST.MF");
        boolean named = manifest.isPresent()
                && new String(manifest.get(), StandardCharsets.UTF_8).contains("Spring-Boot-Classes:");
        if (named) {
            return true;
        }
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            if (entries.nextElement().getName().startsWith("BOOT-INF/classes/")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> classFiles() {
        List<String> names = new ArrayList<>();
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            String name = entries.nextElement().getName();
            if (CodeSource.classFile(name)) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public Optional<byte[]> find(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null || entry.isDirectory()) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return Optional.of(in.readAllBytes());
        }
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
