package dev.muster.worker;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.ReclaimReport;
import java.util.HashSet;
import java.util.Set;

/// Gives back what the workers of a killed master held in a store of this machine, where no lease runs out: its next
/// start would do it, but another application that shares the store need not wait for that.
///
/// A worker that is dead at two looks has no master that lives: that one would have had its work given back between
/// them, and knows better what the worker had started.
///
/// **Threads:** one.
final class KilledMasters {
    private final DeadWorker dead;
    private final CrashPolicy policy;
    private Set<String> seen = Set.of();

    /// @param dead what is said of such a worker
    KilledMasters(DeadWorker dead, CrashPolicy policy) {
        this.dead = dead;
        this.policy = policy;
    }

    /// Looks once more. Between two looks lies more time than a living master needs.
    ReclaimReport look(Broker broker) {
        Set<String> gone = LostClaims.gone(broker);
        Set<String> twice = new HashSet<>(gone);
        twice.retainAll(seen);
        seen = gone;
        return LostClaims.reclaim(broker, twice, dead, policy);
    }
}
