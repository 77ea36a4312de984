package dev.muster.supervise;

import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.ProcessTable;
import dev.muster.os.Wait;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/// Collects ended processes that became children of this master when their parents ended, as process 1 and a subreaper
/// must.
///
/// The virtual machine collects the processes of its own API by itself, at once, and their status must not be taken
/// from it. So one that is not ours is collected only when it still has not been, some time after it was first seen to
/// have ended.
///
/// **Threads:** the reaper's.
final class Strangers {
    /// How long one may wait for somebody else to collect it.
    static final Duration GRACE = Duration.ofMillis(400);

    private static final long NOTE_EVERY_NANOS = 60_000_000_000L;

    private final IntPredicate ours;
    private final Consumer<String> note;
    private final Map<Identity, Long> ended = new HashMap<>();
    private final Set<Identity> killed = new HashSet<>();
    private long collected;
    private long noted;
    private long notedAt;

    /// @param ours whether a pid is that of a child which the reaper collects otherwise
    Strangers(IntPredicate ours, Consumer<String> note) {
        this.ours = ours;
        this.note = note;
    }

    /// These were killed by us: whatever of them becomes ours is collected as soon as it has ended.
    void killed(Set<Identity> some) {
        killed.addAll(some);
    }

    /// Those of them that are not gone yet.
    Set<Identity> dying() {
        return killed;
    }

    /// Collects what is due.
    void look(long now) {
        killed.removeIf(
                identity -> Identity.of(identity.pid()).filter(identity::equals).isEmpty());
        if (!Wait.anyEnded()) {
            ended.clear();
            return;
        }
        Set<Identity> seen = new HashSet<>();
        for (int pid : ProcessTable.ownChildren()) {
            Optional<ProcStat> stat = ours.test(pid) ? Optional.empty() : ProcFs.stat(pid);
            if (stat.isPresent() && stat.get().zombie()) {
                Identity identity = new Identity(pid, stat.get().startTime());
                seen.add(identity);
                Long since = ended.putIfAbsent(identity, now);
                boolean due = since != null && now - since >= GRACE.toNanos();
                if (killed.contains(identity)) {
                    boolean _ = collect(pid);
                } else if (due && collect(pid)) {
                    count(now, identity, stat.get().comm());
                }
            }
        }
        ended.keySet().retainAll(seen);
    }

    private static boolean collect(int pid) {
        try {
            return Wait.tryReap(pid).isPresent();
        } catch (NativeException _) {
            // Somebody else was quicker.
            return false;
        }
    }

    private void count(long now, Identity identity, String comm) {
        collected++;
        if (noted == 0 || now - notedAt >= NOTE_EVERY_NANOS) {
            note.accept("collected " + (collected - noted) + " ended processes whose parents had left them, the last "
                    + comm + " (pid " + identity.pid() + "); " + collected + " since the start");
            noted = collected;
            notedAt = now;
        }
    }
}
