package dev.muster.broker.redis;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.TaskFate;
import dev.muster.task.TaskHistory;
import dev.muster.task.TaskIds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Reserves tasks and ends what is reserved: by an outcome, by giving it back, or because its worker died.
///
/// **Threads:** safe for use by many threads and processes; of two that reclaim at once the second finds stale tokens.
final class Claims {
    /// A script that claims more keeps all others waiting for longer than a millisecond.
    private static final int MOST = 128;
    /// What `claim.lua` returns for each task; `held.lua` returns one more.
    private static final int VALUES = 7;
    private static final int LONGEST_PROGRESS = 4096;

    private final Server server;
    private final long maxSize;
    private final TaskIds ids = new TaskIds();

    Claims(Server server, long maxSize) {
        this.server = server;
        this.maxSize = maxSize;
    }

    List<Claim> claim(String queue, String owner, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("at least 1 task is claimed, not " + max);
        }
        int most = Math.min(max, MOST);
        List<String> arguments = List.of(owner, Integer.toString(most), Long.toString(maxSize), ids.next());
        List<?> values = (List<?>) server.run("claim tasks of " + queue, Script.CLAIM, queue, arguments);
        List<Claim> claims = new ArrayList<>(values.size() / VALUES);
        for (int i = 0; i < values.size(); i += VALUES) {
            claims.add(claim(queue, values, i));
        }
        return claims;
    }

    private static Claim claim(String queue, List<?> values, int at) {
        return new Claim(
                (String) values.get(at),
                (Long) values.get(at + 1),
                queue,
                (String) values.get(at + 2),
                ((Long) values.get(at + 3)).intValue(),
                ((Long) values.get(at + 4)).intValue(),
                (Long) values.get(at + 5) == 1,
                (Long) values.get(at + 6));
    }

    List<Outcome> settle(List<Outcome> outcomes) {
        Map<String, List<Outcome>> byQueue = new LinkedHashMap<>();
        outcomes.forEach(outcome -> byQueue.computeIfAbsent(outcome.claim().queue(), _ -> new ArrayList<>())
                .add(outcome));
        long now = System.currentTimeMillis();
        List<Outcome> stale = new ArrayList<>();
        byQueue.forEach((queue, some) -> {
            Ends ends = new Ends();
            for (Outcome outcome : some) {
                Claim claim = outcome.claim();
                switch (outcome) {
                    case Outcome.Done done -> ends.done(claim, done.result(), done.keep());
                    case Outcome.Retry retry -> {
                        String line = TaskHistory.line(now, TaskHistory.failed(retry));
                        ends.again(claim, retry.payload(), retry.delay(), line);
                    }
                    case Outcome.Snooze snooze -> {
                        String line = TaskHistory.line(now, TaskHistory.snoozed(snooze));
                        ends.snooze(claim, snooze.delay(), line);
                    }
                    case Outcome.Dead dead -> {
                        String line = TaskHistory.dead(TaskHistory.ended(claim), dead.reason(), dead.detail());
                        ends.bury(claim, dead.reason(), dead.detail(), TaskHistory.line(now, line), "");
                    }
                }
            }
            List<Outcome> refused = ends.send(server, queue, "store " + some.size() + " outcomes").stale().stream()
                    .map(some::get)
                    .toList();
            noteRefused(queue, refused, now);
            stale.addAll(refused);
        });
        return stale;
    }

    /// Only for people: if this process dies before, nothing is noted.
    private void noteRefused(String queue, List<Outcome> refused, long now) {
        if (!refused.isEmpty()) {
            List<String> notes = new ArrayList<>();
            refused.forEach(outcome ->
                    notes.addAll(List.of(outcome.claim().id(), TaskHistory.line(now, TaskHistory.refused(outcome)))));
            Object _ = server.run("note " + refused.size() + " late outcomes", Script.NOTE, queue, notes);
        }
    }

    void giveBack(List<Claim> claims) {
        Map<String, Ends> byQueue = new LinkedHashMap<>();
        // The last first: each goes to the front.
        claims.reversed()
                .forEach(claim ->
                        byQueue.computeIfAbsent(claim.queue(), _ -> new Ends()).back(claim));
        byQueue.forEach((queue, ends) -> {
            Ends.Result _ = ends.send(server, queue, "give back " + claims.size() + " tasks");
        });
    }

    /// A stale claim is ignored.
    void progress(Claim claim, String progress) {
        if (progress.length() > LONGEST_PROGRESS) {
            throw new IllegalArgumentException("the progress of a task has at most " + LONGEST_PROGRESS
                    + " characters, this one has " + progress.length());
        }
        Object _ = server.run(
                "keep the progress of the task " + claim.id(),
                Script.PROGRESS,
                claim.queue(),
                List.of(claim.id(), Long.toString(claim.token()), progress));
    }

    /// @param alive asked when the claims in a queue have been read, which are all that is given back: what the
    ///     owner claims from then on is left alone
    ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy, Set<String> queues, BooleanSupplier alive) {
        int requeued = 0;
        int buried = 0;
        for (String queue : queues) {
            ReclaimReport report = reclaim(dead, policy, queue, alive);
            requeued += report.requeued();
            buried += report.dead();
        }
        return new ReclaimReport(requeued, buried);
    }

    /// A claim of a dead worker.
    private record Held(Claim claim, String crashTimes) {}

    private ReclaimReport reclaim(DeadWorker dead, CrashPolicy policy, String queue, BooleanSupplier alive) {
        String what = "give back the work of " + dead.incarnation();
        List<Held> all = held(dead.incarnation(), queue, what);
        if (all.isEmpty() || alive.getAsBoolean()) {
            return new ReclaimReport(0, 0);
        }
        // Of all queues together: it need not have taken them from one.
        boolean several = dead.started().size() > 1;
        long now = System.currentTimeMillis();
        Ends ends = new Ends();
        List<Claim> untouched = new ArrayList<>();
        Set<Integer> burials = new HashSet<>();
        for (Held held : all) {
            Claim claim = held.claim;
            String times = held.crashTimes.isEmpty() ? null : held.crashTimes;
            switch (TaskFate.of(claim, times, dead, policy.terms(claim), several, now)) {
                case TaskFate.Untouched _ -> untouched.add(claim);
                case TaskFate.Tail tail -> ends.tail(claim, tail, TaskHistory.line(now, tail.line()));
                case TaskFate.Again again ->
                    ends.again(claim, again.payload(), again.delay(), TaskHistory.line(now, again.line()));
                case TaskFate.Buried end -> {
                    String line = TaskHistory.line(now, end.line());
                    burials.add(ends.size());
                    ends.bury(claim, end.reason(), end.detail(), line, Integer.toString(end.crashes()));
                }
            }
        }
        untouched.reversed().forEach(ends::back);
        Ends.Result result = ends.send(server, queue, what);
        burials.addAll(result.cancelled());
        result.stale().forEach(burials::remove);
        return new ReclaimReport(ends.size() - result.stale().size() - burials.size(), burials.size());
    }

    List<Claim> held(String owner, Set<String> queues) {
        List<Claim> claims = new ArrayList<>();
        for (String queue : queues) {
            held(owner, queue, "look at the claims of " + owner).forEach(held -> claims.add(held.claim));
        }
        return claims;
    }

    private List<Held> held(String owner, String queue, String what) {
        List<?> values = (List<?>) server.run(what, Script.HELD, queue, List.of(owner, Long.toString(maxSize)));
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < values.size(); i += VALUES + 1) {
            held.add(new Held(claim(queue, values, i), (String) values.get(i + VALUES)));
        }
        return held;
    }
}
