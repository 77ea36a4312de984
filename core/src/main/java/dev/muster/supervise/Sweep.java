package dev.muster.supervise;

import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.Pidfd;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.ProcessTable;
import dev.muster.os.Signals;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/// Kills what dead children have left running. The orphans of a dead child are children of this master, which is their
/// subreaper; from those that belong to it the search goes down.
///
/// While the master has only the children that it knows, that costs a look at its own list of children. Everything is
/// verified by pid and start time, and signalled through a descriptor that stands for exactly that process.
///
/// **Threads:** one call at a time. **Failure:** who starts processes faster than they can be killed is left to the
/// next call when the time is over.
final class Sweep {
    /// Whether an orphan belongs to what is to end.
    interface Claim {
        /// @param mark of the life that it descends from, if it shows one
        boolean holds(ProcStat stat, Optional<LifeMark> mark);
    }

    private static final long PAUSE_NANOS = 1_000_000;

    private final IntPredicate ours;
    private final Set<Identity> dying;
    private final Map<Identity, String> killed = new LinkedHashMap<>();
    private boolean complete;

    private Sweep(IntPredicate ours, Set<Identity> dying) {
        this.ours = ours;
        this.dying = dying;
    }

    /// @param ours whether a pid is that of a living child of the master
    /// @param dying who was killed before, and need not be again
    static Sweep run(IntPredicate ours, Set<Identity> dying, Claim claim, Duration longest) {
        Sweep sweep = new Sweep(ours, dying);
        sweep.run(claim, System.nanoTime() + longest.toNanos());
        return sweep;
    }

    /// Those that were killed, with their short names.
    Map<Identity, String> killed() {
        return killed;
    }

    /// Whether nobody was left to kill at the end.
    boolean complete() {
        return complete;
    }

    private void run(Claim claim, long end) {
        do {
            Set<Integer> roots = new HashSet<>();
            boolean unclear = false;
            for (int pid : ProcessTable.ownChildren()) {
                Optional<ProcStat> stat = ours.test(pid) ? Optional.empty() : ProcFs.stat(pid);
                if (stat.isEmpty()) {
                    continue;
                }
                Optional<String> text = ProcFs.environment(pid, LifeMark.VARIABLE);
                if (claim.holds(stat.get(), text.flatMap(LifeMark::parse))) {
                    roots.add(pid);
                } else if (text.isEmpty() && !stat.get().zombie()) {
                    // It shows nothing for the instant in which it becomes another program.
                    unclear |= ProcFs.cmdline(pid).isEmpty();
                }
            }
            boolean fresh = !roots.isEmpty() && killFamily(roots);
            if (!fresh && !unclear) {
                complete = true;
                return;
            }
            if (!fresh) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } while (System.nanoTime() < end);
    }

    private boolean killFamily(Set<Integer> roots) {
        Map<Integer, ProcStat> table = ProcessTable.all();
        Set<Integer> spared = Descent.lineOf(table, ProcessHandle.current().pid());
        table.keySet().stream().filter(ours::test).forEach(spared::add);
        Set<Integer> family = Descent.of(table, roots, spared);
        family.removeIf(pid -> table.containsKey(pid)
                && dying.contains(new Identity(pid, table.get(pid).startTime())));
        return killEach(table, family, killed);
    }

    /// @param killed is added to
    /// @return whether there was one that had not been killed before
    static boolean killEach(Map<Integer, ProcStat> table, Set<Integer> pids, Map<Identity, String> killed) {
        boolean fresh = false;
        for (int pid : pids) {
            ProcStat stat = table.get(pid);
            if (stat == null || stat.zombie()) {
                continue;
            }
            Identity identity = new Identity(pid, stat.startTime());
            if (!killed.containsKey(identity) && kill(identity)) {
                killed.put(identity, stat.comm());
                fresh = true;
            }
        }
        return fresh;
    }

    private static boolean kill(Identity identity) {
        try {
            return Pidfd.signal(identity, Signals.KILL);
        } catch (NativeException _) {
            // A program with the rights of another user.
            return false;
        }
    }
}
