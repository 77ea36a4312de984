package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What `-XX:DumpLoadedClassList` has written in several processes, as one list for one archive.
///
/// The virtual machine writes a line for each class when it is loaded, so what a killed process leaves is a good list
/// too; a last line that is cut off is left out. Classes of other loaders than the application's are left out (their
/// lines refer to each other by numbers that hold in one list only), and so are the constants that are added at an
/// orderly end.
final class ClassLists {
    private ClassLists() {}

    /// Writes the list of all classes in these lists, in the order in which they were met.
    ///
    /// @return the number of lines
    static int merge(List<Path> lists, Path into) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        for (Path list : lists) {
            read(list, lines);
        }
        try (BufferedWriter out = Files.newBufferedWriter(into, UTF_8)) {
            for (String line : lines) {
                out.write(line);
                out.write('\n');
            }
        }
        return lines.size();
    }

    private static void read(Path list, Set<String> lines) throws IOException {
        String before = "";
        try (BufferedReader in = Files.newBufferedReader(list, UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(before, lines);
                before = line;
            }
        } catch (MalformedInputException _) {
            // A name that was cut within a letter: the rest is not there.
        }
        if (endsWithLine(list)) {
            add(before, lines);
        }
    }

    private static boolean endsWithLine(Path list) throws IOException {
        try (var channel = Files.newByteChannel(list)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.position(Math.max(0, channel.size() - 1));
            return channel.read(last) == 1 && last.get(0) == '\n';
        }
    }

    private static void add(String line, Set<String> lines) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith("@cp ") || line.contains(" source: ")) {
            return;
        }
        int id = line.startsWith("@") ? -1 : line.indexOf(" id: ");
        lines.add(id < 0 ? line : line.substring(0, id));
    }
}
