package dev.muster.console.chaos;

import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import dev.muster.task.Broker.TaskView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// What a scenario works with: the application on its stage, its tasks, its ledger and its processes, and the waits
/// that most scenarios need.
///
/// **Threads:** one owner.
///
/// @param ordered how many processes each declaration has when nobody scales it
/// @param random seeded
/// @param say progress for people
record Arena(
        Stage stage,
        Workload work,
        Ledger ledger,
        Orders orders,
        Family family,
        Map<String, Integer> ordered,
        Random random,
        Consumer<String> say) {
    /// Where an application that has been broken must be well again.
    static final Duration CONVERGENCE = Duration.ofSeconds(30);

    static final String HANDS = "hands";
    static final String CULPRIT = "Culprit";
    static final String TICKER = "Ticker";

    /// How many processes each declaration has now.
    static Map<String, Integer> counted(List<Row> rows) {
        Map<String, Integer> counts = new TreeMap<>();
        rows.stream().filter(row -> !row.spare()).forEach(row -> counts.merge(row.group(), 1, Integer::sum));
        return counts;
    }

    /// How many processes a declaration has when nobody scales it.
    int ordered(String group) {
        return ordered.getOrDefault(group, 0);
    }

    /// The slots of a declaration, without its spares.
    List<Row> rows(String group) {
        return stage.rows().stream()
                .filter(row -> row.group().equals(group) && !row.spare())
                .toList();
    }

    /// The slot of this name.
    Row row(String name) {
        return find(name).orElseThrow(() -> new Unmet("there is no slot " + name));
    }

    Optional<Row> find(String name) {
        return stage.rows().stream().filter(row -> row.name().equals(name)).findFirst();
    }

    /// A running process that has finished some work, so that its death is none of a series.
    Row proven(Predicate<Row> wish) {
        return Waiting.until("a process that has finished some work", Waiting.PATIENCE, () -> {
            List<Row> found = stage.rows().stream()
                    .filter(row -> row.running() && !row.spare() && row.units() > 0 && wish.test(row))
                    .toList();
            return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
        });
    }

    Row proven(String group) {
        return proven(row -> row.group().equals(group));
    }

    /// Waits for the begin of a task, or for the next begin of one that was begun before.
    ///
    /// @param attempt from 1
    Ledger.Attempt begun(String key, int attempt) {
        return Waiting.until("start " + attempt + " of task " + key, Waiting.PATIENCE, () -> {
            List<Ledger.Attempt> attempts = ledger.attempts(key);
            return attempts.size() < attempt ? Optional.empty() : Optional.of(attempts.get(attempt - 1));
        });
    }

    /// Waits until a task has ended well.
    void done(String key) {
        long _ = Waiting.untilTrue("the end of task " + key, Waiting.PATIENCE, () -> ledger.done(key));
    }

    /// Lets a task that holds its worker end, and waits until it has.
    void release(String key) {
        orders.give("release-" + key, "now");
        done(key);
    }

    /// Waits until a task is a dead letter.
    TaskView dead(String key) {
        return Waiting.until(
                "the dead letter of task " + key,
                Waiting.PATIENCE,
                () -> stage.broker().find(key).filter(task -> task.state().equals("DEAD")));
    }

    /// Sends a signal to a process of the application.
    ///
    /// @return when
    long signal(long pid, int signal) {
        long now = System.nanoTime();
        family.signal(pid, signal);
        return now;
    }

    /// Waits until a slot runs with another process.
    Row replaced(String name, long former) {
        return Waiting.until(
                "another process than " + former + " in " + name,
                Waiting.PATIENCE,
                () -> find(name).filter(row -> row.running() && row.pid() != former));
    }

    /// Waits for the report of a death, and checks it.
    ///
    /// @param cause as [Fatality#cause] puts it
    Fatality died(long pid, String cause) {
        Fatality death = Waiting.until(
                "the report of the death of " + pid,
                Waiting.PATIENCE,
                () -> stage.deaths().stream().filter(one -> one.pid() == pid).findFirst());
        Unmet.unless(
                death.cause().equals(cause),
                "the death of " + death.name() + " is reported as '" + death.cause() + "', not as '" + cause + "'");
        return death;
    }

    /// Orders something that must succeed.
    String command(String verb, Map<String, String> options) {
        Stage.Answer answer = stage.answer(verb, options);
        Unmet.unless(answer.done(), verb + " " + options + " ended with " + answer.code() + ": " + answer.text());
        return answer.text();
    }

    /// Whether all slots are as they were ordered, those that are in quarantine excepted.
    boolean settled() {
        List<Row> rows = stage.rows();
        return !rows.isEmpty() && rows.stream().allMatch(Arena::inOrder);
    }

    private static boolean inOrder(Row row) {
        boolean rests = row.spare() || row.paused();
        boolean alone = row.generations().size() <= 1;
        return row.quarantined()
                || row.state().equals("STOPPED")
                || alone && row.state().equals(rests ? "READY" : "RUNNING");
    }

    /// Waits until all slots are as they were ordered.
    ///
    /// @return how long that took, in nanoseconds
    long settle(Duration limit) {
        try {
            return Waiting.untilTrue("that every slot is as ordered", limit, this::settled);
        } catch (Unmet e) {
            List<String> late = stage.rows().stream()
                    .filter(row -> !inOrder(row))
                    .map(row -> row.name() + " " + row.state())
                    .toList();
            throw new Unmet(e.getMessage() + "; not in order: " + late);
        }
    }

    /// Makes good what a scenario may have left behind.
    void mend() {
        orders.revokeAll();
        family.signal(Signals.CONT);
        if (ProcFs.stat(stage.master()).filter(stat -> !stat.zombie()).isEmpty()) {
            int _ = stage.stop(Duration.ofSeconds(1));
            stage.start();
        }
        work.accepted().stream()
                .filter(key -> key.startsWith("hold-"))
                .forEach(key -> orders.give("release-" + key, "now"));
        for (Row row : stage.rows()) {
            if (row.quarantined()) {
                Stage.Answer _ = stage.answer("restart", Map.of("slot", row.name()));
            }
        }
    }
}
