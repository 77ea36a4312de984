package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.os.NativeException;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Writes down what a process does before it is killed, or when somebody asks: first what the system knows, which needs
/// nothing of the process, then its thread dumps if it still answers, then its last log lines. One text file each,
/// `NAME-LIFE-INSTANT.txt`, for its owner's eyes only, with the dump that has virtual threads beside it (`.json`).
///
/// **Threads:** any, several at a time; the calls block up to the budget of the request and a little longer for the
/// disk. **Lifetime:** none. **Failure:** it never throws. A process that does not answer costs the budget, a full disk
/// costs the rest of the file. The directory keeps the newest 50 of these files and no more than 64 MiB of them.
final class EvidenceTaker {
    static final int MOST_FILES = 50;
    static final long MOST_BYTES = 64L << 20;

    private static final int LOG_LINES = 50;
    private static final Duration REST_OF_DUMP = Duration.ofMillis(50);
    private static final String TEXT = ".txt";
    private static final String JSON = ".json";
    private static final String CAUGHT = "SigCgt:";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /// @param file where it is written; null if not even a file could be made
    /// @param answered whether the process gave a thread dump itself
    /// @param problem why it did not, a sentence; else empty
    record Taken(@Nullable Path file, boolean answered, String problem) {}

    /// @return where it is written; null if not even a file could be made
    @Nullable
    Path take(EvidenceRequest request) {
        return dump(request).file;
    }

    /// The same for somebody who asked for it, and wants to know whether the process answered.
    Taken dump(EvidenceRequest request) {
        String snapshot = snapshot(request.pid());
        Path file = create(request);
        append(
                file,
                "what   " + request.name() + " (slot " + request.slot() + ", life " + request.life() + ", pid "
                        + request.pid() + ")\nwhen   " + now() + "\nwhy    " + request.why() + "\n\n" + snapshot);
        // The budget is for the process's answer; what the master does itself is not to be taken from it.
        long deadline = System.nanoTime() + request.budget().toNanos();
        String problem = mute(request);
        boolean answered = problem.isEmpty() && answers(request, file, snapshot, deadline);
        if (!answered && problem.isEmpty()) {
            problem = "it did not answer within " + request.budget().toMillis() + " ms";
        }
        StringBuilder rest = new StringBuilder(answered ? "" : "\nno thread dump: " + problem + "\n");
        rest.append("\nlast lines of its log\n");
        for (String line : request.pump().tail(request.slot(), LOG_LINES)) {
            rest.append(line).append('\n');
        }
        append(file, rest.toString());
        prune(request.directory(), file);
        return new Taken(file, answered, problem);
    }

    /// Why it is not even asked; empty if it is.
    private static String mute(EvidenceRequest request) {
        Optional<ProcStat> stat = ProcFs.stat(request.pid());
        if (stat.isEmpty() || stat.get().zombie()) {
            return "the process has ended";
        }
        if (stat.get().ppid() != ProcessHandle.current().pid()) {
            return "process " + request.pid() + " is not a child of this master";
        }
        char state = stat.get().state();
        if (request.halted() || state == 'T' || state == 't') {
            return "the process is stopped (state " + state + ") and cannot answer";
        }
        return request.spoken() ? "" : "the process has not said hello yet";
    }

    private static boolean answers(EvidenceRequest request, @Nullable Path file, String snapshot, long deadline) {
        CompletableFuture<String> printed = print(request, snapshot);
        Path json = file == null ? null : file.resolveSibling(base(file) + JSON);
        CompletableFuture<Boolean> written =
                json == null ? CompletableFuture.completedFuture(false) : ask(request, json);
        String text = await(printed, "", deadline);
        boolean whole = printed.isDone();
        if (!whole) {
            request.pump().cancelCapture(request.slot(), request.life());
            text = await(printed, "", System.nanoTime() + REST_OF_DUMP.toNanos());
        }
        append(
                file,
                text.isEmpty()
                        ? ""
                        : "\nthread dump" + (whole ? "" : ", cut off when the time was over") + "\n" + text);
        boolean complete = await(written, false, deadline);
        if (complete && json != null) {
            ownersOnly(json);
            append(file, "\nthread dump with virtual threads: " + json + "\n");
        }
        return complete || !text.isEmpty();
    }

    /// Lets the virtual machine print a dump, unless the signal would kill it.
    private static CompletableFuture<String> print(EvidenceRequest request, String snapshot) {
        if (!Signals.canSend(Signals.QUIT) || !catchesQuit(snapshot)) {
            return CompletableFuture.completedFuture("");
        }
        CompletableFuture<String> printed = request.pump().captureDump(request.slot(), request.life());
        try {
            if (!Signals.send(request.pid(), Signals.QUIT)) {
                request.pump().cancelCapture(request.slot(), request.life());
            }
        } catch (NativeException _) {
            request.pump().cancelCapture(request.slot(), request.life());
        }
        return printed;
    }

    /// A virtual machine that just begins, or runs with `-Xrs`, has no handler for SIGQUIT and would die of it.
    private static boolean catchesQuit(String snapshot) {
        int at = snapshot.indexOf(CAUGHT);
        if (at < 0) {
            return false;
        }
        int end = snapshot.indexOf('\n', at);
        String mask = snapshot.substring(at + CAUGHT.length(), end < 0 ? snapshot.length() : end)
                .strip();
        try {
            return (Long.parseUnsignedLong(mask, 16) >>> Signals.QUIT - 1 & 1) != 0;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static CompletableFuture<Boolean> ask(EvidenceRequest request, Path json) {
        try {
            return request.asker().ask(json.toAbsolutePath());
        } catch (RuntimeException _) {
            return CompletableFuture.completedFuture(false);
        }
    }

    private static <T> T await(CompletableFuture<T> answer, T none, long deadline) {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException _) {
            return none;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return none;
        }
    }

    private static String snapshot(long pid) {
        try {
            return ProcFs.evidence(pid);
        } catch (RuntimeException e) {
            return "process " + pid + " could not be looked at: " + e + "\n";
        }
    }

    private static String now() {
        return new LogFiles.Stamp().text(System.currentTimeMillis());
    }

    private static @Nullable Path create(EvidenceRequest request) {
        String base = fileName(request.name()) + "-" + request.life() + "-" + now().replaceAll("[-:.]", "");
        try {
            Files.createDirectories(request.directory());
            for (int number = 1; number <= MOST_FILES; number++) {
                Path file = request.directory().resolve(base + (number == 1 ? "" : "-" + number) + TEXT);
                try {
                    return Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                } catch (FileAlreadyExistsException _) {
                    // Somebody else asked within the same millisecond: the next number.
                }
            }
        } catch (IOException | RuntimeException _) {
            // The caller learns it from the missing path, and kills all the same.
        }
        return null;
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

    private static void append(@Nullable Path file, String text) {
        try {
            if (file != null && !text.isEmpty()) {
                Files.writeString(file, text, StandardOpenOption.APPEND);
            }
        } catch (IOException _) {
            // A full disk: what is there stays, the next part may still fit.
        }
    }

    private static void ownersOnly(Path file) {
        try {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        } catch (IOException _) {
            // Its directory is for the owner only as well.
        }
    }

    /// Deletes the oldest beyond the bounds, never `newest`. A text and the JSON beside it count as one.
    private static synchronized void prune(Path directory, @Nullable Path newest) {
        record Kept(FileTime when, String name, long bytes) {}
        List<Kept> all = new ArrayList<>();
        Map<String, List<Path>> files = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*{" + TEXT + "," + JSON + ",.log}")) {
            for (Path entry : entries) {
                files.computeIfAbsent(base(entry), _ -> new ArrayList<>(2)).add(entry);
            }
            for (Map.Entry<String, List<Path>> evidence : files.entrySet()) {
                FileTime when = FileTime.fromMillis(0);
                long bytes = 0;
                for (Path file : evidence.getValue()) {
                    BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
                    when = when.compareTo(about.lastModifiedTime()) < 0 ? about.lastModifiedTime() : when;
                    bytes += about.size();
                }
                all.add(new Kept(when, evidence.getKey(), bytes));
            }
            all.sort(Comparator.comparing(Kept::when).reversed());
            long bytes = 0;
            for (int i = 0; i < all.size(); i++) {
                bytes += all.get(i).bytes;
                boolean fits = i < MOST_FILES && bytes <= MOST_BYTES;
                if (!fits && (newest == null || !all.get(i).name.equals(base(newest)))) {
                    for (Path file : files.getOrDefault(all.get(i).name, List.of())) {
                        boolean _ = Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // The next one tries again.
        }
    }

    /// A thread dump while it is being printed: from its first line, and the instant above it, to the end of the
    /// heap's figures, a report of deadlocks included.
    ///
    /// **Threads:** that of the pump; the result is for any. **Lifetime:** one dump.
    static final class DumpText {
        static final int LONGEST = 4 << 20;
        private static final byte[] BEGINS = "Full thread dump ".getBytes(US_ASCII);
        private static final byte[] HEAP = "Heap".getBytes(US_ASCII);
        private static final int INSTANT = "2026-11-23 12:00:00".length();

        final CompletableFuture<String> result = new CompletableFuture<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private @Nullable Object pipe;
        private boolean heap;
        private boolean complete;

        /// @param from where the line was printed
        /// @param above the line above it, if that one was held back for this one
        /// @return true if it belongs to the dump
        boolean takes(Object from, byte @Nullable [] above, byte[] line, int at, int length) {
            if (pipe == null && startsWith(line, at, length, BEGINS)) {
                pipe = from;
                if (above != null) {
                    add(above, 0, above.length);
                }
            }
            if (!Objects.equals(pipe, from)) {
                return false;
            }
            add(line, at, length);
            complete = heap && length == 0;
            heap |= length == HEAP.length && startsWith(line, at, length, HEAP);
            return true;
        }

        /// Whether this line can be the instant above a dump.
        boolean mayBegin(byte[] line, int at, int length) {
            return pipe == null
                    && length == INSTANT
                    && line[at + 4] == '-'
                    && line[at + 10] == ' '
                    && line[at + 13] == ':';
        }

        boolean complete() {
            return complete;
        }

        void end() {
            boolean _ = result.complete(text.toString(UTF_8));
        }

        private void add(byte[] line, int at, int length) {
            if (text.size() + length < LONGEST) {
                text.write(line, at, length);
                text.write('\n');
            }
        }

        static boolean startsWith(byte[] line, int at, int length, byte[] beginning) {
            return length >= beginning.length
                    && Arrays.equals(line, at, at + beginning.length, beginning, 0, beginning.length);
        }
    }

    /// The last lines of a slot's log, at most 200 and 128 KiB. **Threads:** any.
    static final class LastLines {
        static final int MOST = 200;
        static final int LONGEST = 2 << 10;
        private static final int LARGEST = 128 << 10;

        private byte[] ring = new byte[1 << 10];
        private long end;

        synchronized void add(byte[] line, int at, int length) {
            int kept = Math.min(length, LONGEST);
            while (ring.length < LARGEST && end + kept + 1 > ring.length) {
                ring = Arrays.copyOf(ring, 2 * ring.length);
            }
            int start = (int) (end % ring.length);
            int upToTheEdge = Math.min(kept, ring.length - start);
            System.arraycopy(line, at, ring, start, upToTheEdge);
            System.arraycopy(line, at + upToTheEdge, ring, 0, kept - upToTheEdge);
            ring[(start + kept) % ring.length] = '\n';
            end += kept + 1L;
        }

        /// @param most 200 at most
        synchronized List<String> text(int most) {
            ArrayDeque<String> lines = new ArrayDeque<>();
            long oldest = Math.max(0, end - ring.length);
            long lineEnd = end - 1;
            for (long at = lineEnd - 1; at >= oldest - 1 && lines.size() < Math.min(most, MOST); at--) {
                boolean begins = at == -1 || at >= oldest && ring[(int) (at % ring.length)] == '\n';
                if (begins) {
                    byte[] line = new byte[(int) (lineEnd - at - 1)];
                    for (int i = 0; i < line.length; i++) {
                        line[i] = ring[(int) ((at + 1 + i) % ring.length)];
                    }
                    lines.addFirst(new String(line, UTF_8));
                    lineEnd = at;
                }
            }
            return List.copyOf(lines);
        }
    }
}
