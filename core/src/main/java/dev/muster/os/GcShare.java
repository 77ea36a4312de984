package dev.muster.os;

import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// How much of the time a virtual machine spends on collecting garbage, seen from outside: the processor time of its
/// collector's threads. The machine itself need not answer, so this also works when it does nothing else any more.
///
/// The thread of the virtual machine counts too, because the serial collector works on it; what else it does is little.
///
/// **Threads:** belongs to one. **Lifetime:** what is remembered of a process goes with [#forget(long)], or when
/// another one has its pid. **Failure:** a process that is gone, or that this user may not look at, gives an empty
/// answer.
public final class GcShare {
    private static final String[] BEGINNINGS = {"VM Thread", "GC Thread", "G1 ", "Shenandoah", "ZDriver", "ZWorker"};

    private final Map<Long, Known> known = new HashMap<>();

    /// What is known of a process since the last look at it.
    private static final class Known {
        final long startTime;
        /// The processor time of each thread of the collector, in hundredths of a second.
        final Map<String, Long> ticks = new HashMap<>();
        int threads = -1;
        /// The processor time of all threads.
        long total = -1;
        long at;

        Known(long startTime) {
            this.startTime = startTime;
        }
    }

    /// Looks at a process.
    ///
    /// @return what its collector used of one processor since the last look, 0 to 1; empty at the first look and
    ///     when the process is gone
    public OptionalDouble sample(long pid) {
        Optional<ProcStat> found = ProcFs.stat(pid);
        if (found.isEmpty() || found.get().zombie()) {
            forget(pid);
            return OptionalDouble.empty();
        }
        ProcStat stat = found.get();
        Known before = known.get(pid);
        boolean first = before == null || before.startTime != stat.startTime();
        Known now = first || before == null ? new Known(stat.startTime()) : before;
        known.put(pid, now);
        // Threads that come and go in equal numbers between two looks are no threads of a collector, which stay.
        if (now.threads != stat.threads()) {
            find(pid, now);
            now.threads = stat.threads();
        }
        // Most processes are idle most of the time, and then none of their threads needs to be looked at.
        long used = now.total == stat.cpuTicks() ? 0 : use(pid, now);
        now.total = stat.cpuTicks();
        long instant = System.nanoTime();
        long passed = instant - now.at;
        now.at = instant;
        if (first || passed <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Math.clamp(used * 10_000_000.0 / passed, 0.0, 1.0));
    }

    /// Forgets a process.
    public void forget(long pid) {
        known.remove(pid);
    }

    private static void find(long pid, Known process) {
        String[] tids = new File("/proc/" + pid + "/task").list();
        for (String tid : tids == null ? new String[0] : tids) {
            if (!process.ticks.containsKey(tid)
                    && ProcFs.read("/proc/" + pid + "/task/" + tid + "/comm", 64)
                            .map(GcShare::collects)
                            .orElse(false)) {
                // What a new thread has used so far, it has used since the last look.
                process.ticks.put(tid, 0L);
            }
        }
    }

    private static boolean collects(String name) {
        for (String beginning : BEGINNINGS) {
            if (name.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }

    /// The hundredths of a second that its threads have used since the last look.
    private static long use(long pid, Known process) {
        long used = 0;
        for (Map.Entry<String, Long> thread : process.ticks.entrySet()) {
            Optional<ProcStat> stat = ProcFs.read(
                            "/proc/" + pid + "/task/" + thread.getKey() + "/stat", ProcStat.LONGEST)
                    .map(ProcStat::parse);
            if (stat.isPresent()) {
                used += stat.get().cpuTicks() - thread.getValue();
                thread.setValue(stat.get().cpuTicks());
            }
        }
        return used;
    }
}
