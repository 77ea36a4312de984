package dev.muster.os;

import java.io.File;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which processes there are, and how they descend from each other.
///
/// **Threads:** any. **Lifetime:** none, every call reads anew. **Failure:** what starts or ends meanwhile may be seen
/// or not; look again until nothing new is there.
public final class ProcessTable {
    private static final String OWN_TASKS = "/proc/self/task";
    private static final int LONGEST_LIST = 1 << 20;

    private ProcessTable() {}

    /// The children of this process, those included that have ended and were not collected. Reads a small file for
    /// each thread of this process; where the kernel has none, the whole table. `proc_pid_task(5)`.
    public static Set<Integer> ownChildren() {
        Set<Integer> children = new HashSet<>();
        String[] tids = new File(OWN_TASKS).list();
        for (String tid : tids == null ? new String[0] : tids) {
            String file = OWN_TASKS + "/" + tid + "/children";
            String list = ProcFs.read(file, LONGEST_LIST).orElse("");
            if (list.isEmpty() && !Lists.KEPT) {
                return childrenIn(all());
            }
            for (String pid : list.split(" ", -1)) {
                if (!pid.isBlank()) {
                    children.add(Integer.parseInt(pid.strip()));
                }
            }
        }
        return children;
    }

    private static Set<Integer> childrenIn(Map<Integer, ProcStat> table) {
        long self = ProcessHandle.current().pid();
        Set<Integer> children = new HashSet<>();
        table.forEach((pid, stat) -> {
            if (stat.ppid() == self) {
                children.add(pid);
            }
        });
        return children;
    }

    /// All processes that this one can see.
    public static Map<Integer, ProcStat> all() {
        Map<Integer, ProcStat> table = new HashMap<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                int pid = Integer.parseInt(name);
                Optional<ProcStat> stat = ProcFs.stat(pid);
                stat.ifPresent(found -> table.put(pid, found));
            }
        }
        return table;
    }

    /// Whether the kernel keeps the lists of children, `CONFIG_PROC_CHILDREN`.
    private static final class Lists {
        static final boolean KEPT =
                new File(OWN_TASKS + "/" + ProcessHandle.current().pid() + "/children").exists();
    }
}
