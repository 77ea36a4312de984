package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32C;
import java.util.zip.ZipException;

/// All files behind a class path: its jars, the jars that their manifests name, and what lies in its directories.
///
/// An entry that does not exist is no file, as for the virtual machine. A directory with very much in it, or one that
/// holds the data of the application itself, is not taken for code as a whole: see [#inPlace()].
///
/// **Threads:** one. **Lifetime:** a look at one moment; whether the files are still the same says [#unchanged()].
final class ClassPathFiles {
    static final int MOST_FILES = 20_000;
    static final long MOST_BYTES = 512L << 20;

    private static final int BUFFER = 64 << 10;
    private static final int HASH_LETTERS = 24;

    /// What shows that somebody has written to a file, or put another in its place.
    private record State(long bytes, FileTime modified, FileTime changed, Object inode) {
        static State of(Path file) throws IOException {
            Map<String, Object> about = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
            return new State(
                    (long) about.getOrDefault("size", 0L),
                    (FileTime) about.getOrDefault("lastModifiedTime", FileTime.fromMillis(0)),
                    (FileTime) about.getOrDefault("ctime", FileTime.fromMillis(0)),
                    about.getOrDefault("ino", 0L));
        }
    }

    private final String classPath;
    private final List<Path> excluded;
    private final Map<Path, State> files = new TreeMap<>();
    private final TreeSet<Path> directories = new TreeSet<>();
    private final List<Path> inPlace = new ArrayList<>();
    private final List<String> outside = new ArrayList<>();

    private ClassPathFiles(String classPath, List<Path> excluded) {
        this.classPath = classPath;
        this.excluded = excluded;
    }

    /// @param classPath absolute entries
    /// @param excluded directories that are no code even if they lie in an entry
    /// @throws IOException if an entry that exists cannot be looked at
    static ClassPathFiles of(String classPath, List<Path> excluded) throws IOException {
        ClassPathFiles found = new ClassPathFiles(classPath, excluded);
        for (String entry : classPath.split(":", -1)) {
            if (!entry.isEmpty()) {
                found.add(Path.of(entry));
            }
        }
        return found;
    }

    private void add(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            addDirectory(entry);
        } else if (Files.exists(entry) && files.put(entry, State.of(entry)) == null) {
            for (Path named : namedBy(entry)) {
                add(named);
            }
        }
    }

    /// The relative entries of `Class-Path` in the manifest. Those with an absolute address stay where they are.
    private List<Path> namedBy(Path jar) throws IOException {
        List<Path> named = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String value =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String word : value == null ? new String[0] : value.strip().split("\\s+")) {
                URI address = URI.create(word);
                if (address.isAbsolute() || word.startsWith("/")) {
                    outside.add(jar + " names " + word
                            + " in its manifest by an absolute address, so it is used in place and must not be"
                            + " overwritten while the application runs");
                } else if (!word.isEmpty()) {
                    named.add(Path.of(jar.toUri().resolve(address)));
                }
            }
        } catch (ZipException | IllegalArgumentException _) {
            // No jar, or an address that is none: the virtual machine ignores it as well.
        }
        return named;
    }

    private void addDirectory(Path root) throws IOException {
        Map<Path, State> inside = new TreeMap<>();
        List<Path> visited = new ArrayList<>();
        long[] bytes = {0};
        boolean fits = walk(root, inside, visited, bytes);
        if (!fits) {
            inPlace.add(root);
            outside.add("the directory " + root + " on the class path has more than " + MOST_FILES + " files or "
                    + (MOST_BYTES >> 20) + " MiB, so it is used in place; put the classes into a jar");
            return;
        }
        files.putAll(inside);
        directories.addAll(visited);
    }

    private boolean walk(Path root, Map<Path, State> inside, List<Path> visited, long[] bytes) throws IOException {
        boolean[] fits = {true};
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                        if (excluded.contains(directory)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        visited.add(directory);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (attributes.isRegularFile()) {
                            inside.put(file, State.of(file));
                            bytes[0] += attributes.size();
                        }
                        fits[0] = inside.size() <= MOST_FILES && bytes[0] <= MOST_BYTES;
                        return fits[0] ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                        // A link to nowhere is nothing; whatever else cannot be read may be code.
                        if (Files.isSymbolicLink(file)) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        return fits[0];
    }

    /// The files, sorted by their paths.
    List<Path> files() {
        return List.copyOf(files.keySet());
    }

    /// The directories that must exist, parents first.
    List<Path> directories() {
        return List.copyOf(directories);
    }

    /// Entries that are not copied because there is too much in them.
    List<Path> inPlace() {
        return List.copyOf(inPlace);
    }

    /// What stays unprotected, a sentence each.
    List<String> outside() {
        return List.copyOf(outside);
    }

    /// The virtual machine caches no classes of a path with a directory that has files in it.
    boolean jarsOnly() {
        return inPlace.isEmpty() && files.keySet().stream().noneMatch(file -> directories.contains(file.getParent()));
    }

    FileTime modified(Path file) {
        State state = files.get(file);
        return state == null ? FileTime.fromMillis(0) : state.modified;
    }

    /// Whether the same look gives the same files in the same state.
    boolean unchanged() throws IOException {
        return of(classPath, excluded).files.equals(files);
    }

    /// Whether a copy has the size and, to the second, the time of its original.
    boolean sameAs(Path file, Path copy) throws IOException {
        State state = files.get(file);
        if (state == null || !Files.isRegularFile(copy) || Files.size(copy) != state.bytes) {
            return false;
        }
        return Files.getLastModifiedTime(copy).toInstant().getEpochSecond()
                == state.modified.toInstant().getEpochSecond();
    }

    /// A name for the class path with everything in it. Reads all files.
    ///
    /// @param checksums receives what was read
    String hash(Map<Path, Long> checksums) throws IOException {
        StringBuilder text = new StringBuilder(classPath).append('\n');
        for (Map.Entry<Path, State> file : files.entrySet()) {
            long checksum = checksum(file.getKey());
            checksums.put(file.getKey(), checksum);
            text.append(file.getKey())
                    .append('\0')
                    .append(file.getValue().bytes)
                    .append(' ')
                    .append(file.getValue().modified)
                    .append(' ')
                    .append(checksum)
                    .append('\n');
        }
        return hash(text.toString());
    }

    /// A name for a text.
    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256, which every JDK must have", e);
        }
    }

    /// The CRC-32C of a file: against damage and change, not against an attacker.
    static long checksum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                sum.update(buffer);
                buffer.clear();
            }
        }
        return sum.getValue();
    }
}
