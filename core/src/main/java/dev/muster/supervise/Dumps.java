package dev.muster.supervise;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directory of what is left of processes to look at: evidence (`NAME-LIFE-INSTANT.txt`, with a `.json` beside it),
/// crash reports of virtual machines (`hs_err_PID.log`) and heap dumps (`*.hprof`). For its owner's eyes only, and
/// bounded in number and size.
///
/// **Threads:** any. **Failure:** it never throws: a full disk costs the rest of a file, and what cannot be deleted is
/// tried again with the next one.
final class Dumps {
    static final String TEXT = ".txt";
    static final String JSON = ".json";

    private static final long LONGEST_TEXT = 8L << 20;
    private static final int MOST_IN_AN_INSTANT = 50;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path directory;
    private final int keep;
    private final long maxBytes;

    /// @param directory made when the first file is, if it is missing
    /// @param keep how many pieces are kept; a text and the JSON beside it are one
    /// @param maxBytes how much they may take together; the newest one stays in any case
    Dumps(Path directory, int keep, long maxBytes) {
        this.directory = directory;
        this.keep = keep;
        this.maxBytes = maxBytes;
    }

    /// Where a virtual machine writes that it crashed.
    Path crashReport(long pid) {
        return directory.resolve("hs_err_" + pid + ".log");
    }

    /// Where a virtual machine writes its heap if it was told to and was told no other place.
    Path heapDump(long pid) {
        return directory.resolve("java_pid" + pid + ".hprof");
    }

    /// A file for the evidence of a process that nobody has, not made yet.
    Path place(String process, int life) {
        return directory.resolve(fileName(process) + "-" + life + "-" + now().replaceAll("[-:.]", "") + TEXT);
    }

    /// Makes an evidence file.
    ///
    /// @return null if not even a file can be made
    @Nullable
    Path create(String process, int life) {
        Path wanted = place(process, life);
        for (int number = 1; number <= MOST_IN_AN_INSTANT; number++) {
            Path file = number == 1 ? wanted : wanted.resolveSibling(base(wanted) + "-" + number + TEXT);
            Path made = make(file);
            if (made != null) {
                return made;
            }
            if (!Files.exists(file)) {
                return null;
            }
            // Somebody else asked within the same millisecond: the next number.
        }
        return null;
    }

    /// Makes this file.
    ///
    /// @return null if it is there already, or cannot be made
    @Nullable
    Path make(Path file) {
        try {
            Files.createDirectories(directory);
            return Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException _) {
            return null;
        } catch (IOException | RuntimeException _) {
            // The caller learns it from the missing path, and goes on all the same.
            return null;
        }
    }

    /// The file of the JSON beside a text.
    static Path beside(Path text) {
        return text.resolveSibling(base(text) + JSON);
    }

    /// Adds text to a file, as much as the bound of one file leaves room for.
    void append(@Nullable Path file, String text) {
        try {
            if (file == null || text.isEmpty()) {
                return;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            long room = longest() - Files.size(file);
            if (room <= 0) {
                return;
            }
            if (bytes.length <= room) {
                Files.write(file, bytes, StandardOpenOption.APPEND);
            } else {
                String cut = new String(bytes, 0, (int) room, StandardCharsets.UTF_8);
                Files.writeString(file, cut + "\n(cut)\n", StandardOpenOption.APPEND);
            }
        } catch (IOException _) {
            // A full disk: what is there stays, the next part may still fit.
        }
    }

    /// Makes a file that somebody else has written one of ours: private, and not longer than the bound of one file.
    ///
    /// @return true if it had to be cut
    boolean adopt(Path file) {
        try {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
            if (Files.size(file) > longest()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    FileChannel _ = channel.truncate(longest());
                }
                return true;
            }
        } catch (IOException _) {
            // Its directory is for the owner only as well.
        }
        return false;
    }

    private long longest() {
        return Math.min(LONGEST_TEXT, maxBytes / 4);
    }

    /// @param bytes of all its files together
    private record Piece(String name, String process, FileTime when, long bytes, List<Path> files) {}

    /// Deletes what is beyond the bounds, never `newest`. Of too many pieces the process that has most loses its
    /// oldest: one that dies every second does not wipe out what is known of the others.
    synchronized void prune(@Nullable Path newest) {
        try {
            List<Piece> pieces = pieces();
            pieces.sort(Comparator.comparing(Piece::when));
            long bytes = pieces.stream().mapToLong(Piece::bytes).sum();
            String spared = newest == null ? "" : base(newest);
            while (pieces.size() > keep || bytes > maxBytes) {
                Piece victim = victim(pieces, spared, pieces.size() > keep);
                if (victim == null) {
                    return;
                }
                for (Path file : victim.files) {
                    boolean _ = Files.deleteIfExists(file);
                }
                pieces.remove(victim);
                bytes -= victim.bytes;
            }
        } catch (IOException | DirectoryIteratorException _) {
            // The next one tries again.
        }
    }

    private static @Nullable Piece victim(List<Piece> oldestFirst, String spared, boolean tooMany) {
        Map<String, Integer> counts = new HashMap<>();
        oldestFirst.forEach(piece -> counts.merge(piece.process, 1, Integer::sum));
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (Piece piece : oldestFirst) {
            if (!piece.name.equals(spared) && (!tooMany || counts.getOrDefault(piece.process, 0) == most)) {
                return piece;
            }
        }
        return oldestFirst.stream()
                .filter(piece -> !piece.name.equals(spared))
                .findFirst()
                .orElse(null);
    }

    private List<Piece> pieces() throws IOException {
        Map<String, List<Path>> files = new HashMap<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, "*{" + TEXT + "," + JSON + ",.log,.hprof}")) {
            for (Path entry : entries) {
                files.computeIfAbsent(base(entry), _ -> new ArrayList<>(2)).add(entry);
            }
        }
        List<Piece> pieces = new ArrayList<>();
        for (Map.Entry<String, List<Path>> piece : files.entrySet()) {
            FileTime when = FileTime.fromMillis(0);
            long bytes = 0;
            for (Path file : piece.getValue()) {
                BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
                when = when.compareTo(about.lastModifiedTime()) < 0 ? about.lastModifiedTime() : when;
                bytes += about.size();
            }
            String name = piece.getKey();
            pieces.add(new Piece(name, process(name), when, bytes, piece.getValue()));
        }
        return pieces;
    }

    /// NAME of NAME-LIFE-INSTANT; of other files what stands before the pid.
    private static String process(String name) {
        return name.replaceFirst("(-\\d+-\\d{8}T\\d+Z(-\\d+)?|\\d+)$", "");
    }

    static String now() {
        return new LogStamp().text(System.currentTimeMillis());
    }

    private static String fileName(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean kept = c < 128 && Character.isLetterOrDigit(c) || c == '_' || c == '#' || c == '.' && i > 0;
            text.append(kept ? c : '-');
        }
        return text.toString();
    }

    private static String base(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
