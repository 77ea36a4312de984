package dev.muster.supervise;

import dev.muster.os.ProcStat;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who belongs to whom in a table of processes. Pure.
final class Descent {
    private Descent() {}

    /// The processes that belong to some roots: their descendants, and whoever shares a process group or a session
    /// with one of these. A process can only be born into a session, so that one holds nobody else, unless it also
    /// holds somebody who is spared: then it was inherited from above, and says nothing.
    ///
    /// @param spared never part of the answer, nor what only they lead to
    static Set<Integer> of(Map<Integer, ProcStat> table, Set<Integer> roots, Set<Integer> spared) {
        Set<Long> foreignGroups = new HashSet<>(Set.of(0L));
        Set<Long> foreignSessions = new HashSet<>(Set.of(0L));
        for (int pid : spared) {
            ProcStat stat = table.get(pid);
            if (stat != null) {
                foreignGroups.add(stat.pgrp());
                foreignSessions.add(stat.session());
            }
        }
        Set<Integer> family = new HashSet<>(roots);
        family.removeAll(spared);
        Set<Long> groups = new HashSet<>();
        Set<Long> sessions = new HashSet<>();
        int before = -1;
        while (family.size() != before) {
            before = family.size();
            for (int pid : family) {
                ProcStat stat = table.get(pid);
                if (stat != null) {
                    groups.add(stat.pgrp());
                    sessions.add(stat.session());
                }
            }
            groups.removeAll(foreignGroups);
            sessions.removeAll(foreignSessions);
            table.forEach((pid, stat) -> {
                boolean belongs = family.contains((int) stat.ppid())
                        || groups.contains(stat.pgrp())
                        || sessions.contains(stat.session());
                if (belongs && !spared.contains(pid)) {
                    family.add(pid);
                }
            });
        }
        return family;
    }

    /// A process and all above it.
    static Set<Integer> lineOf(Map<Integer, ProcStat> table, long pid) {
        Set<Integer> line = new HashSet<>();
        int at = (int) pid;
        while (at > 0 && line.add(at)) {
            ProcStat stat = table.get(at);
            at = stat == null ? 0 : (int) stat.ppid();
        }
        return line;
    }
}
