package dev.muster.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The files of a log directory: `NAME.log` is written, `NAME.log.1` is the one before it, and so on.
final class LogFiles {
    private static final int MAX_ROTATED = 1_000;

    private LogFiles() {}

    /// Those that are written now.
    static List<Path> current(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /// The last entries of all files, in the order of their times.
    ///
    /// @param limit how many; 0 for all
    /// @param tails where reading goes on afterwards: nothing from there on is returned
    static List<String> last(Path directory, LogFilter filter, int limit, Map<Path, LogTail> tails) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : current(directory)) {
            Deque<Entry> ofFile = new ArrayDeque<>();
            for (Path part : withRotated(file)) {
                LogTail tail = tails.get(part);
                read(part, tail == null ? Long.MAX_VALUE : tail.position(), filter, limit, ofFile);
            }
            entries.addAll(ofFile);
        }
        entries.sort(Comparator.comparing(Entry::time));
        int from = limit == 0 ? 0 : Math.max(0, entries.size() - limit);
        return entries.subList(from, entries.size()).stream()
                .map(entry -> entry.text().toString())
                .toList();
    }

    private static List<Path> withRotated(Path file) {
        List<Path> parts = new ArrayList<>();
        for (int i = 1; i <= MAX_ROTATED; i++) {
            Path rotated = file.resolveSibling(file.getFileName() + "." + i);
            if (!Files.isRegularFile(rotated)) {
                break;
            }
            parts.addFirst(rotated);
        }
        parts.add(file);
        return parts;
    }

    private static void read(Path file, long end, LogFilter filter, int limit, Deque<Entry> entries)
            throws IOException {
        boolean wanted = false;
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(upTo(in, end), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (LogFilter.begins(line)) {
                    wanted = filter.wants(line);
                    if (wanted) {
                        entries.add(new Entry(LogFilter.time(line), new StringBuilder(line)));
                    }
                } else if (wanted) {
                    entries.getLast().text().append('\n').append(line);
                }
                if (limit > 0 && entries.size() > limit) {
                    entries.removeFirst();
                }
            }
        } catch (NoSuchFileException _) {
            // rotated away in this moment: its lines were read under another name, or are gone for good
        }
    }

    private static InputStream upTo(InputStream in, long end) {
        return new InputStream() {
            private long left = end;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (left <= 0) {
                    return -1;
                }
                int read = in.read(into, offset, (int) Math.min(length, left));
                left -= Math.max(0, read);
                return read;
            }
        };
    }

    /// @param time when it was logged
    /// @param text all of its lines
    private record Entry(String time, StringBuilder text) {}
}
