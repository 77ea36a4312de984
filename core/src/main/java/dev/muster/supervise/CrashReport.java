package dev.muster.supervise;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The essence of the report that a virtual machine writes when it crashes: which signal or inner error it was, and in
/// which frame.
///
/// **Threads:** any; reads a file. **Failure:** of a report that is cut off there is less to say.
final class CrashReport {
    private static final int HEAD_BYTES = 16 << 10;
    private static final String FRAME = "Problematic frame:";

    private CrashReport() {}

    /// The report in one line; empty if there is none.
    static String summary(Path report) {
        try (InputStream in = Files.newInputStream(report)) {
            return summaryOf(new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return "";
        }
    }

    /// @param head the beginning of a report: lines that begin with `#`
    static String summaryOf(String head) {
        List<String> lines = new ArrayList<>();
        for (String line : head.lines().toList()) {
            if (!line.startsWith("#")) {
                break;
            }
            String text = line.substring(1).strip();
            if (!text.isEmpty()) {
                lines.add(text);
            }
        }
        // The first line only says that something has happened; the second one says what.
        String what = lines.size() < 2 ? "" : lines.get(1);
        int pid = what.indexOf(", pid=");
        what = pid < 0 ? what : what.substring(0, pid);
        int frame = lines.indexOf(FRAME);
        String where = frame < 0 || frame + 1 >= lines.size() ? "" : lines.get(frame + 1);
        return where.isEmpty() ? what : what + ", problematic frame: " + where.replaceAll("\\s+", " ");
    }
}
