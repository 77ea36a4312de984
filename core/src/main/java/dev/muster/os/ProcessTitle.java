package dev.muster.os;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The name under which `ps` and `top` show this process.
///
/// The kernel reads a command line from the memory between `arg_start` and `arg_end` of the process itself
/// (`proc_pid_stat(5)`, fields 48 and 49), so writing there changes it. There is as much room as the original
/// command line had. `jcmd` and `jps` take their name elsewhere and keep working.
///
/// **Threads:** any; one title at a time. **Lifetime:** until it is set again. **Failure:** a title is a
/// convenience: what cannot be set is left as it is, and the answer is false.
public final class ProcessTitle {
    private static final int ARG_START = 48;
    private static final int ARG_END = 49;
    private static final int COMM_BYTES = 15;
    private static final String PREFIX = "java_";

    private ProcessTitle() {}

    /// Shows a title in the place of the whole command line, and a short form of it as the name of the main thread
    /// (`comm`). The short form drops what does not distinguish: first `java_`, then everything up to the colon.
    ///
    /// @param title cut if it is longer than the room; control characters become blanks
    /// @return false if it could not be set; in degraded mode only the short form can be
    public static synchronized boolean set(String title) {
        String shown = printable(title);
        boolean whole = Natives.available() && writeArguments(shown);
        return writeComm(comm(shown)) && whole;
    }

    private static boolean writeArguments(String title) {
        String stat = ProcFs.read("/proc/self/stat", ProcStat.LONGEST).orElse("");
        long start = ProcStat.field(stat, ARG_START);
        long end = ProcStat.field(stat, ARG_END);
        if (start <= 0 || end - start < 2) {
            return false;
        }
        MemorySegment area = area(start, end - start);
        byte[] bytes = cut(title, (int) Math.min(end - start - 1, Integer.MAX_VALUE));
        // The rest must be NUL up to the very last byte: else the kernel takes the environment for a continuation.
        MemorySegment.copy(bytes, 0, area, ValueLayout.JAVA_BYTE, 0, bytes.length);
        area.asSlice(bytes.length).fill((byte) 0);
        return true;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment area(long address, long size) {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    private static boolean writeComm(String comm) {
        try (OutputStream out = new FileOutputStream("/proc/self/comm")) {
            out.write(comm.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// The short form of a title: at most 15 bytes.
    static String comm(String title) {
        String shorter = title;
        if (size(shorter) > COMM_BYTES && shorter.startsWith(PREFIX)) {
            shorter = shorter.substring(PREFIX.length());
        }
        int colon = shorter.indexOf(':');
        if (size(shorter) > COMM_BYTES && colon >= 0 && colon < shorter.length() - 1) {
            shorter = shorter.substring(colon + 1);
        }
        return new String(cut(shorter, COMM_BYTES), StandardCharsets.UTF_8);
    }

    /// The longest beginning of a text that fits and does not end inside a character.
    static byte[] cut(String text, int room) {
        String fitting = text;
        byte[] bytes = fitting.getBytes(StandardCharsets.UTF_8);
        while (bytes.length > room) {
            int shorter = Math.min(fitting.length() - 1, room);
            boolean insidePair = shorter > 0 && Character.isHighSurrogate(fitting.charAt(shorter - 1));
            fitting = fitting.substring(0, insidePair ? shorter - 1 : shorter);
            bytes = fitting.getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    private static String printable(String title) {
        StringBuilder shown = new StringBuilder(title.length());
        for (int i = 0; i < title.length(); i++) {
            char c = title.charAt(i);
            shown.append(Character.isISOControl(c) ? ' ' : c);
        }
        return shown.toString();
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
