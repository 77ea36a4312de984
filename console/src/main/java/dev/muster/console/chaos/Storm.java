package dev.muster.console.chaos;

import dev.muster.os.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/// A seeded storm of events over a working application, and the look at what is left when it is over.
///
/// **Threads:** one owner; each command waits on a thread of its own. **Failure:** what is wrong afterwards is in the
/// result; nothing that happens during the storm itself is judged, except a command that is never answered.
final class Storm {
    private static final List<String> POISONS = List.of("exit", "halt", "spin", "heap", "fail", "overflow", "deadlock");
    /// What is scaled.
    private static final List<String> SCALED = List.of(Arena.HANDS, "task");

    private static final Duration ANSWERS = Duration.ofMinutes(3);
    private static final Duration DRAINED = Duration.ofMinutes(3);
    private static final Duration REAPED = Duration.ofSeconds(2);
    /// A process that the master does not show may be making a cache or checking code; that ends.
    private static final Duration UNKNOWN = Duration.ofSeconds(60);

    private final Arena arena;
    private final List<Blow> blows;
    private final List<CompletableFuture<?>> pending = new ArrayList<>();

    Storm(Arena arena, List<Blow> blows) {
        this.arena = arena;
        this.blows = blows;
    }

    /// How it ended.
    ///
    /// @param events how many happened
    /// @param convergence from the last of them until every slot was as ordered, in nanoseconds
    /// @param quarantined how many slots were in quarantine then
    /// @param complaints what is wrong; empty if nothing
    record Outcome(int events, long convergence, long quarantined, Account account, List<String> complaints) {}

    /// Lets it happen, and looks.
    Outcome run() {
        long start = System.nanoTime();
        for (Blow blow : blows) {
            long due = start + Duration.ofMillis(blow.atMillis()).toNanos();
            Waiting.passing(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            arena.say().accept("storm: " + blow);
            strike(blow);
        }
        List<String> complaints = new ArrayList<>();
        calm(complaints);
        long convergence = converge(complaints);
        long quarantined =
                arena.stage().rows().stream().filter(Row::quarantined).count();
        Account account = drain(complaints);
        return new Outcome(blows.size(), convergence, quarantined, account, List.copyOf(complaints));
    }

    private void strike(Blow blow) {
        switch (blow.kind()) {
            case KILL9 -> signal(blow, Signals.KILL);
            case TERM -> signal(blow, Signals.TERM);
            case STOP -> freeze(process(blow), blow.amount(200, 15_000));
            case STOP_MASTER -> freeze(arena.stage().master(), blow.amount(200, 2_000));
            case RESTART -> order("restart", Map.of("slot", slot(blow)));
            case KILL -> order("kill", Map.of("slot", slot(blow)));
            case RELOAD -> order("reload", Map.of("scope", ""));
            case SCALE -> scale(blow);
            case PAUSE -> pause(blow);
            case POISON -> poison(blow);
            case BURST -> arena.work().putMany(queue(blow), "note", blow.amount(10, 100));
        }
    }

    /// A process of the application but not its master; 0 if there is none.
    private long process(Blow blow) {
        List<Long> pids = arena.stage().rows().stream()
                .map(Row::pid)
                .filter(pid -> pid != 0)
                .toList();
        return pids.isEmpty() ? 0 : blow.chosen(pids);
    }

    private String slot(Blow blow) {
        List<String> names = arena.stage().rows().stream().map(Row::name).toList();
        return names.isEmpty() ? "0" : blow.chosen(names);
    }

    private static String queue(Blow blow) {
        return blow.target() % 2 == 0 ? Workload.HANDS : Workload.DEFAULT;
    }

    private void signal(Blow blow, int signal) {
        long _ = arena.signal(process(blow), signal);
    }

    private void freeze(long pid, int millis) {
        long _ = arena.signal(pid, Signals.STOP);
        boolean _ = pending.add(Parallel.start("thaw", () -> {
            Waiting.passing(Duration.ofMillis(millis));
            return arena.signal(pid, Signals.CONT);
        }));
    }

    private void order(String verb, Map<String, String> options) {
        boolean _ = pending.add(Parallel.start(verb, () -> arena.stage().answer(verb, options)));
    }

    private void scale(Blow blow) {
        boolean pool = blow.target() % 3 != 0;
        int wanted = pool ? blow.amount(1, 5) : blow.amount(1, 2);
        order("scale", Map.of("group", pool ? Arena.HANDS : "task", "instances", Integer.toString(wanted)));
    }

    private void pause(Blow blow) {
        Map<String, String> group = Map.of("group", blow.chosen(List.of(Arena.HANDS, "task", Arena.TICKER)));
        boolean _ = pending.add(Parallel.start("pause", () -> {
            Stage.Answer _ = arena.stage().answer("pause", group);
            Waiting.passing(Duration.ofMillis(blow.amount(100, 3_000)));
            return arena.stage().answer("resume", group);
        }));
    }

    private void poison(Blow blow) {
        String task = blow.chosen(POISONS);
        String _ = task.equals("exit") || task.equals("halt")
                ? arena.work().put(queue(blow), task, blow.amount(0, 255))
                : arena.work().put(queue(blow), task);
    }

    /// Ends every fault that is still at work, and orders what is to be.
    private void calm(List<String> complaints) {
        arena.say().accept("the storm is over; waiting for the answers to its commands");
        try {
            long _ = Waiting.untilTrue(
                    "that every command was answered",
                    ANSWERS,
                    () -> pending.stream().allMatch(CompletableFuture::isDone));
            pending.forEach(CompletableFuture::join);
        } catch (Unmet | CompletionException e) {
            boolean _ = complaints.add(String.valueOf(e.getMessage()));
        }
        arena.family().signal(Signals.CONT);
        for (String group : List.of(Arena.HANDS, "task", Arena.TICKER)) {
            Stage.Answer _ = arena.stage().answer("resume", Map.of("group", group));
        }
        for (String group : SCALED) {
            String number = Integer.toString(arena.ordered(group));
            Stage.Answer _ = arena.stage().answer("scale", Map.of("group", group, "instances", number));
        }
        // Poison that waits in the queue is a fault that is still to come.
        try {
            long _ = Waiting.untilTrue("that all poison has worked", DRAINED, this::poisonIsGone);
        } catch (Unmet e) {
            boolean _ = complaints.add(String.valueOf(e.getMessage()));
        }
    }

    private boolean poisonIsGone() {
        List<String> open = arena.work().accepted().stream()
                .filter(key -> POISONS.stream().anyMatch(poison -> key.startsWith(poison + "-")))
                .filter(key -> arena.stage()
                        .broker()
                        .find(key)
                        .filter(task -> !task.state().equals("DEAD"))
                        .isPresent())
                .toList();
        if (!open.isEmpty()) {
            freeQuarantined();
            Waiting.passing(Duration.ofMillis(100));
        }
        return open.isEmpty();
    }

    private void freeQuarantined() {
        arena.stage().rows().stream().filter(Row::quarantined).forEach(row -> {
            Stage.Answer _ = arena.stage().answer("restart", Map.of("slot", row.name()));
        });
    }

    private long converge(List<String> complaints) {
        long convergence = 0;
        try {
            convergence = arena.settle(Arena.CONVERGENCE);
        } catch (Unmet e) {
            boolean _ = complaints.add(String.valueOf(e.getMessage()));
        }
        arena.ordered().forEach((group, number) -> {
            List<Row> rows = arena.rows(group);
            long there = rows.stream()
                    .filter(row -> row.running() || row.quarantined())
                    .count();
            if (there != number) {
                boolean _ = complaints.add(group + " was ordered to have " + number + " processes and has " + there);
            }
        });
        try {
            long _ = Waiting.untilTrue(
                    "that no zombie is left",
                    REAPED,
                    () -> arena.family().zombies().isEmpty());
            long _ = Waiting.untilTrue(
                    "that no stranger is left", UNKNOWN, () -> strangers().isEmpty());
        } catch (Unmet e) {
            boolean _ = complaints.add(
                    e.getMessage() + ": zombies " + arena.family().zombies() + ", strangers " + strangers());
        }
        return convergence;
    }

    /// Members of the family that the master does not know.
    private Set<Long> strangers() {
        Set<Long> strangers = new TreeSet<>(arena.family().members());
        strangers.remove(arena.stage().master());
        arena.stage().rows().forEach(row -> strangers.remove(row.pid()));
        return strangers;
    }

    private Account drain(List<String> complaints) {
        arena.work().close();
        freeQuarantined();
        try {
            long _ = Waiting.untilTrue(
                    "that no task is open any more", DRAINED, () -> arena.work().open() == 0);
        } catch (Unmet e) {
            boolean _ =
                    complaints.add(e.getMessage() + "; open: " + arena.work().open());
        }
        Set<Long> living = arena.stage().rows().stream().map(Row::pid).collect(Collectors.toSet());
        Account account = Account.of(arena.work(), arena.ledger(), arena.stage().broker(), living);
        boolean _ = complaints.addAll(account.complaints());
        return account;
    }
}
