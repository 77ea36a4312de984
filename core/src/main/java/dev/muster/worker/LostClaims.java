package dev.muster.worker;

import dev.muster.board.Incarnation;
import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.ReclaimReport;
import java.util.HashSet;
import java.util.Optional;
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
        owners.removeIf(owner -> !gone(broker, owner));
        return owners;
    }

    /// Whose lease has run out in a store that several machines share. Where they are does not matter: of a machine
    /// or a node that is frozen nobody here can tell whether it lives, and the lease was the word for that.
    static Set<String> lapsed(Broker broker) {
        Set<String> owners = new HashSet<>(broker.owners());
        owners.removeIf(owner -> parsed(owner).isEmpty());
        return owners;
    }

    /// Gives back what these hold.
    ///
    /// @param dead what is known of all of them
    static ReclaimReport reclaim(Broker broker, Set<String> owners, DeadWorker dead, CrashPolicy policy) {
        int requeued = 0;
        int buried = 0;
        for (String owner : owners) {
            ReclaimReport report = broker.reclaimLapsed(of(owner, dead), policy);
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

    /// Whether the incarnation is one of another boot of this machine, or of a process that has ended. One of
    /// another container of this machine cannot be seen from here: it counts as alive while a node of that
    /// container says that it is present.
    private static boolean gone(Broker broker, String owner) {
        Optional<Incarnation> parsed = parsed(owner);
        if (parsed.isEmpty()) {
            return false;
        }
        Incarnation incarnation = parsed.get();
        Incarnation self = Incarnation.self();
        if (!incarnation.boot().equals(self.boot())) {
            return true;
        }
        if (incarnation.namespace().equals(self.namespace())) {
            return !incarnation.identity().alive();
        }
        return broker.coordination().leases(Node.LEASES).stream()
                .noneMatch(lease -> Node.isIn(lease.name(), incarnation.boot(), incarnation.namespace()));
    }

    /// Empty for an owner that is no incarnation of ours: it is left alone.
    private static Optional<Incarnation> parsed(String owner) {
        try {
            return Optional.of(Incarnation.parse(owner));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
