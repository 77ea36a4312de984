package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.config.Resources;
import dev.muster.config.Settings;
import dev.muster.os.ControlGroup;
import dev.muster.os.ControlGroups;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The control groups of children: one for each life of a role with a limit that nothing else can keep, made before the
/// spawn and removed after the end. Roles without such a limit have none.
///
/// **Threads:** the spawner makes, the reaper discards. **Failure:** what this machine cannot limit is said at the
/// start, and the application runs without; a group that is still in use is removed later, by the next master at the
/// latest.
final class ChildGroups {
    private static final String PREFIX = "muster-";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long EXPIRY_NANOS = 2_000_000_000L;

    private record Limit(int pids, long memory) {}

    private final ControlGroups groups = ControlGroups.detect();
    private final Map<Role, Limit> limits = new EnumMap<>(Role.class);
    private final ConcurrentLinkedQueue<ControlGroup> discarded = new ConcurrentLinkedQueue<>();

    /// Kills in the shared group that a death has explained, or that are too old to explain one.
    private long explained = groups.memoryKills();

    /// When more were seen, 0 if there are none.
    private long unexplainedSince;

    /// Ends what is left of groups of earlier masters, and finds out what can be limited.
    ///
    /// @param warn told what cannot
    ChildGroups(Settings settings, Household household, List<Role> roles, Consumer<String> warn) {
        for (ControlGroup old : ControlGroup.named(groups, PREFIX + household.place() + ".")) {
            end(old, warn);
        }
        for (Role role : roles) {
            Resources resources = settings.resources(role.word());
            String key = "resources." + role.word() + ".";
            int pids = usable(ControlGroups.PIDS, key + "pids", resources.pids(), warn) ? resources.pids() : 0;
            long memory =
                    usable(ControlGroups.MEMORY, key + "memory", resources.memory(), warn) ? resources.memory() : 0;
            if ((pids > 0 || memory > 0) && tried(household, key + "*", pids, memory, warn)) {
                limits.put(role, new Limit(pids, memory));
            }
        }
    }

    private boolean usable(String controller, String key, long value, Consumer<String> warn) {
        Optional<String> missing = value > 0 ? groups.missing(controller) : Optional.empty();
        missing.ifPresent(why -> warn.accept(unkept(key, why)));
        return value > 0 && missing.isEmpty();
    }

    /// Permissions do not tell all: only an attempt does.
    private boolean tried(Household household, String key, int pids, long memory, Consumer<String> warn) {
        try {
            discard(ControlGroup.make(groups, PREFIX + household.mark(0, 0).text(), pids, memory));
            return true;
        } catch (IOException e) {
            warn.accept(unkept(key, "a control group cannot be made: " + e));
            return false;
        }
    }

    private static String unkept(String key, String why) {
        return key + " cannot be kept: " + why + "; the processes run without that limit; see 'muster doctor'";
    }

    private static void end(ControlGroup old, Consumer<String> warn) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int killed = old.kill();
        while (!old.remove() && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
            killed += old.kill();
        }
        if (killed > 0) {
            warn.accept("killed what was left in the control group " + old.name() + " of an earlier master");
        }
    }

    /// Makes the group of a life, empty if its role needs none.
    Optional<ControlGroup> make(Role role, LifeMark mark) throws IOException {
        Limit limit = limits.get(role);
        return limit == null
                ? Optional.empty()
                : Optional.of(ControlGroup.make(groups, PREFIX + mark.text(), limit.pids(), limit.memory()));
    }

    /// Gives up a group whose child has ended.
    void discard(ControlGroup group) {
        if (!group.remove()) {
            discarded.add(group);
        }
    }

    /// Tries again to remove what was still in use, and kills what is in it. To be called from time to time.
    void tidy(long now) {
        tidy();
        boolean more = groups.memoryKills() > explained;
        if (more && unexplainedSince != 0 && now - unexplainedSince >= EXPIRY_NANOS) {
            // It was no child: a later kill by somebody else must not be taken for this one.
            explained = groups.memoryKills();
            more = false;
        }
        unexplainedSince = !more ? 0 : unexplainedSince == 0 ? now : unexplainedSince;
    }

    private void tidy() {
        discarded.removeIf(ControlGroup::remove);
        discarded.forEach(ControlGroup::kill);
    }

    /// The same, for as long as it makes sense to wait at the end of the master.
    void close() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!discarded.isEmpty() && System.nanoTime() < end) {
            tidy();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Whether the kernel has killed a process of the group that the master shares with children without one of
    /// their own, for want of memory, and nobody has asked about that one yet.
    ///
    /// **Threads:** the reaper's.
    boolean killedForMemory() {
        if (groups.memoryKills() > explained) {
            explained++;
            return true;
        }
        return false;
    }
}
