package dev.muster.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel counts for a process and for those of its children that have ended, `proc_pid_stat(5)`.
final class ProcessorTime {
    private static final int MILLIS_PER_TICK = 10;
    /// Of what stands behind the name: user and system time, and both of children that were waited for.
    private static final int FIRST = 11;

    private static final int LAST = 14;

    private ProcessorTime() {}

    /// In milliseconds; 0 if it is gone.
    static long ofFamily(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.UTF_8);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int i = FIRST; i <= LAST; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks * MILLIS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }
}
