package dev.muster.console.chaos;

import dev.muster.task.Broker;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What has become of every task of a run: what the queue says and what the ledger says, laid beside each other.
///
/// @param accepted how many ids enqueue has returned
/// @param done as the queue counts
/// @param dead as the queue counts
/// @param unaccounted accepted, but neither done nor dead, or done without a line in the ledger
/// @param extraStarts starts of a task beyond its first
/// @param groundless extra starts of tasks whose process before was alive all the time
record Account(long accepted, long done, long dead, long unaccounted, long extraStarts, long groundless) {
    /// Draws it up. Nothing may be running any more.
    ///
    /// @param living the pids of the processes that are alive
    static Account of(Workload work, Ledger ledger, Broker broker, Set<Long> living) {
        Map<String, QueueCounts> counts = broker.counts();
        long done = counts.values().stream().mapToLong(QueueCounts::done).sum();
        long dead = counts.values().stream().mapToLong(QueueCounts::dead).sum();
        Set<String> letters = broker.dead(Math.toIntExact(Math.max(1, dead))).stream()
                .map(TaskView::id)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> accepted = work.accepted();
        long lost = 0;
        long extra = 0;
        long groundless = 0;
        for (String key : accepted) {
            List<Ledger.Attempt> attempts = ledger.attempts(key);
            boolean ended = attempts.stream().anyMatch(attempt -> ledger.ended(attempt) != 0);
            if (!ended && !letters.contains(key)) {
                lost++;
            }
            for (int i = 0; i + 1 < attempts.size(); i++) {
                extra++;
                groundless += living.contains(attempts.get(i).pid()) ? 1 : 0;
            }
        }
        long unaccounted = Math.max(lost, Math.abs(accepted.size() - done - dead));
        return new Account(accepted.size(), done, dead, unaccounted, extra, groundless);
    }

    /// What is wrong with it; empty if nothing.
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (unaccounted != 0) {
            complaints.add(unaccounted + " of " + accepted + " accepted tasks are unaccounted for: the queue says done "
                    + done + ", dead " + dead);
        }
        if (groundless != 0) {
            complaints.add(groundless + " tasks were started again although the process that had started them lives");
        }
        return complaints;
    }
}
