package dev.muster.os;

import java.io.File;
import java.util.HashSet;
import java.util.Set;

/// The threads of this process as the kernel counts them, for settings that Linux keeps for each thread.
final class Threads {
    private static final int MOST_PASSES = 100;

    private Threads() {}

    /// Applies a setting to one thread.
    @FunctionalInterface
    interface Setting {
        /// Applies it and returns 0 or the error number.
        int apply(int tid);
    }

    /// Applies a setting to all threads. A new thread has the setting of the one that started it, so this looks
    /// again until it sees no thread that it does not know.
    ///
    /// @param what the call for an error message
    static void forEach(String what, Setting setting) {
        Set<String> done = new HashSet<>();
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String[] tids = new File("/proc/self/task").list();
            boolean fresh = false;
            for (String tid : tids == null ? new String[0] : tids) {
                if (!done.add(tid)) {
                    continue;
                }
                fresh = true;
                int errno = setting.apply(Integer.parseInt(tid));
                // The thread may have ended meanwhile.
                if (errno != 0 && errno != Errno.ESRCH) {
                    throw new NativeException(what, errno);
                }
            }
            if (!fresh) {
                return;
            }
        }
    }
}
