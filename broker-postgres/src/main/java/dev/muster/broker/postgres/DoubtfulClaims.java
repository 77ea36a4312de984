package dev.muster.broker.postgres;

import dev.muster.broker.sql.Session;
import dev.muster.broker.sql.Store;
import dev.muster.task.Broker.Claim;
import dev.muster.task.BrokerException;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Claims of this process that nobody knows about, because the server went away in the moment of the commit and stayed
/// away. They are given back before anything else is claimed: their owner lives, so nobody else would do it.
///
/// **Threads:** safe for use by many threads.
final class DoubtfulClaims {
    private static final String BACK =
            "UPDATE task SET state = 'READY', owner = NULL WHERE id = ? AND token = ? AND owner = ? AND state ="
                    + " 'RUNNING'";

    private final Store store;
    private final Queue<Doubtful> all = new ConcurrentLinkedQueue<>();

    DoubtfulClaims(Store store) {
        this.store = store;
    }

    private record Doubtful(Receipt receipt, List<Claim> claims, String owner) {}

    /// A claim has failed; perhaps it was made all the same.
    void note(BrokerException failure, String owner) {
        if (failure.getCause() instanceof UnknownCommitException unknown && unknown.result() instanceof List<?> made) {
            List<Claim> claims = new ArrayList<>();
            made.forEach(claim -> claims.add((Claim) claim));
            boolean _ = all.add(new Doubtful(unknown.receipt(), claims, owner));
        }
    }

    void giveBack() {
        for (@Nullable Doubtful next = all.peek(); next != null; next = all.peek()) {
            giveBack(next);
            boolean _ = all.remove(next);
        }
    }

    private void giveBack(Doubtful doubtful) {
        String what = "give back " + doubtful.claims.size() + " tasks";
        boolean _ = store.ledger().write(what, session -> {
            // Then it cannot be made after this any more.
            boolean _ = doubtful.receipt.kept(session);
            store.dialect()
                    .lock(session, doubtful.claims.stream().map(Claim::id).toList());
            PreparedStatement back = session.statement(BACK);
            for (Claim claim : doubtful.claims) {
                // Nobody else has this owner, so a task that another one has claimed meanwhile is left alone.
                Session.set(back, claim.id(), claim.token(), doubtful.owner);
                back.addBatch();
            }
            int[] _ = back.executeBatch();
            return true;
        });
    }
}
