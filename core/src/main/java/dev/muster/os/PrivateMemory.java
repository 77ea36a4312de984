package dev.muster.os;

import java.util.Optional;
import java.util.OptionalLong;

/// The memory that a process has for itself, and that the machine would have back with its end: private pages, clean or
/// written, and what of them is swapped out. Pages that it shares with others, such as a mapped archive, do not count.
///
/// **Threads:** any. **Lifetime:** none. **Failure:** a process that is gone, or that this user may not look at, gives
/// an empty answer. The kernel walks through the memory of the process for it: milliseconds for a large one.
public final class PrivateMemory {
    private static final int LONGEST_SUM = 16 << 10;
    private static final int LONGEST_LIST = 16 << 20;

    private PrivateMemory() {}

    /// In bytes.
    public static OptionalLong of(long pid) {
        Optional<String> text = ProcFs.read("/proc/" + pid + "/smaps_rollup", LONGEST_SUM);
        if (text.isEmpty()) {
            // A kernel before 4.14 has only the list of all areas.
            text = ProcFs.read("/proc/" + pid + "/smaps", LONGEST_LIST);
        }
        return text.map(PrivateMemory::sum).orElse(OptionalLong.empty());
    }

    /// Adds up the fields of all areas in the text.
    static OptionalLong sum(String smaps) {
        long kibibytes = 0;
        boolean any = false;
        for (String line : smaps.lines().toList()) {
            if (line.startsWith("Private_Clean:") || line.startsWith("Private_Dirty:") || line.startsWith("Swap:")) {
                String value = line.substring(line.indexOf(':') + 1);
                kibibytes += Long.parseLong(value.replace("kB", "").strip());
                any = true;
            }
        }
        return any ? OptionalLong.of(kibibytes << 10) : OptionalLong.empty();
    }
}
