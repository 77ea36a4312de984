package dev.muster.scan;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A place from which classes come.
///
/// **Lifetime:** whoever opened it closes it. **Failure:** an `IOException` says that the place cannot be read.
sealed interface CodeSource extends AutoCloseable permits DirectorySource, JarSource {
    /// Names, relative to the root, of all class files that an ordinary class loader would see, sorted.
    List<String> classFiles() throws IOException;

    /// The bytes of a file, empty if there is none.
    Optional<byte[]> find(String name) throws IOException;

    /// The place for people.
    String place();

    @Override
    void close() throws IOException;

    /// Whether the file holds a class that may declare something.
    static boolean classFile(String name) {
        return name.endsWith(".class")
                && !name.endsWith("module-info.class")
                && !name.endsWith("package-info.class")
                && !name.startsWith("META-INF/");
    }
}
