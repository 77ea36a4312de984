package dev.muster.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// What the kernel tells about a process in one line, `proc_pid_stat(5)`.
///
/// @param comm its short name
/// @param state a letter: R running, S sleeping, D sleeping without being interruptible, T stopped, t traced, Z
///     zombie, X dead, I idle
/// @param ppid its parent
/// @param pgrp its process group
/// @param session its session
/// @param cpuTicks processor time of all its threads, user and system, in hundredths of a second
/// @param threads how many threads it has
/// @param startTime when it started, in hundredths of a second since the machine started
/// @param rssPages resident memory in pages, a rough figure
public record ProcStat(
        String comm,
        char state,
        long ppid,
        long pgrp,
        long session,
        long cpuTicks,
        int threads,
        long startTime,
        long rssPages) {

    /// More than the kernel can write.
    static final int LONGEST = 4096;

    static final int MILLIS_PER_TICK = 10;

    /// True if it has ended and was only not collected yet.
    public boolean zombie() {
        return state == 'Z' || state == 'X';
    }

    /// Processor time of all its threads in milliseconds.
    public long cpuMillis() {
        return cpuTicks * MILLIS_PER_TICK;
    }

    /// Resident memory in bytes, a rough figure.
    public long rssBytes() {
        return rssPages * PageSize.BYTES;
    }

    /// Takes the line apart. The name may contain blanks and parentheses: fields count from the last parenthesis.
    ///
    /// @throws IllegalArgumentException if it is not such a line
    static ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open || close + 2 >= line.length()) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        return new ProcStat(
                line.substring(open + 1, close),
                line.charAt(close + 2),
                field(line, 4),
                field(line, 5),
                field(line, 6),
                field(line, 14) + field(line, 15),
                (int) field(line, 20),
                field(line, 22),
                field(line, 24));
    }

    /// The numeric field with a number above 3, counted as the manual page does, or -1 if the line is too short.
    static long field(String line, int number) {
        int blank = line.lastIndexOf(')');
        for (int field = 3; field <= number; field++) {
            blank = line.indexOf(' ', blank + 1);
            if (blank < 0) {
                return -1;
            }
        }
        int end = blank + 1;
        while (end < line.length() && line.charAt(end) > ' ') {
            end++;
        }
        return Long.parseLong(line.substring(blank + 1, end));
    }

    private static final class PageSize {
        static final long BYTES = bytes();

        private static long bytes() {
            if (!Natives.available()) {
                return ProcFs.pageSize();
            }
            MethodHandle call = Native.plain("getpagesize", FunctionDescriptor.of(Native.INT));
            try {
                return (int) call.invokeExact();
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
        }
    }
}
