package dev.muster.worker;

import dev.muster.board.Incarnation;
import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.ReclaimReport;
import java.util.HashSet;
import java.util.Set;

/// Gives back what a dead worker held; and, once after a start, what is held by anybody who is no longer alive on this
/// machine.
final class LostClaims {
    private LostClaims() {}

    static ReclaimReport reclaim(Broker broker, DeadWorker dead, CrashPolicy policy) {
        if (!dead.incarnation().equals(DeadWorker.EVERYBODY)) {
            return broker.reclaim(dead, policy);
        }
        return reclaim(broker, gone(broker), dead, policy);
    }

    /// Who holds claims and is no longer alive on this machine.
    static Set<String> gone(Broker broker) {
        Set<String> owners = new HashSet<>(broker.owners());
        owners.removeIf(owner -> !gone(owner));
        return owners;
    }

    /// Gives back what these hold.
    ///
    /// @param dead what is known of all of them
    static ReclaimReport reclaim(Broker broker, Set<String> owners, DeadWorker dead, CrashPolicy policy) {
        int requeued = 0;
        int buried = 0;
        for (String owner : owners) {
            ReclaimReport report = broker.reclaim(of(owner, dead), policy);
            requeued += report.requeued();
            buried += report.dead();
        }
        return new ReclaimReport(requeued, buried);
    }

    private static DeadWorker of(String owner, DeadWorker everybody) {
        return new DeadWorker(
                owner,
                everybody.queue(),
                everybody.verdict(),
                everybody.guilty(),
                everybody.started(),
                everybody.startedKnown(),
                everybody.reason(),
                everybody.dump());
    }

    /// Whether the incarnation is one of another boot of this machine, or of a process that has ended. An owner
    /// that is no incarnation of ours is left alone.
    private static boolean gone(String owner) {
        Incarnation incarnation;
        try {
            incarnation = Incarnation.parse(owner);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return !incarnation.boot().equals(Incarnation.self().boot())
                || !incarnation.identity().alive();
    }
}
