package dev.muster.console.chaos;

import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an operator orders, in the middle of the work.
final class Commands {
    /// What a worker that does not rest would need to show.
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private static final int OUTPUT_MEGABYTES = 30;
    private static final long MASTER_GROWTH = 64L << 20;

    private Commands() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("restart", "-", "restart of a worker that runs a task", Commands::restart),
                new Scenario("kill", "-", "kill by command of a worker that runs a task", Commands::kill),
                new Scenario("scale", "-", "a pool scaled up and down under load", Commands::scale),
                new Scenario("pause", "-", "a pool paused and resumed under load", Commands::pause),
                new Scenario("flood", "33", "a task that prints 30 MB", Commands::flood),
                new Scenario(
                        "grandchild",
                        "55",
                        "a worker dies whose grandchild holds its output open",
                        Commands::grandchild));
    }

    /// @return from the order to its answer: the task that was under way is not started again
    private static long restart(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt attempt = arena.begun(key, 1);
        String name = holder(arena, attempt);
        long struck = System.nanoTime();
        arena.orders().give("release-" + key, "now");
        String _ = arena.command("restart", Map.of("slot", name));
        long over = System.nanoTime();
        arena.done(key);
        Unmet.unless(arena.ledger().attempts(key).size() == 1, "the restart cost the task a second start");
        return over - struck;
    }

    /// @return from the order to the second start of the task
    private static long kill(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt attempt = arena.begun(key, 1);
        String name = holder(arena, attempt);
        long struck = System.nanoTime();
        String _ = arena.command("kill", Map.of("slot", name));
        Ledger.Attempt second = arena.begun(key, 2);
        arena.release(key);
        Fatality _ = arena.died(attempt.pid(), "REQUESTED signal 9");
        return second.begun() - struck;
    }

    private static String holder(Arena arena, Ledger.Attempt attempt) {
        return arena.stage().rows().stream()
                .filter(row -> row.pid() == attempt.pid())
                .findFirst()
                .orElseThrow(() -> new Unmet("no slot has pid " + attempt.pid()))
                .name();
    }

    private static long scale(Arena arena) {
        List<String> keys = arena.work().putMany(Workload.HANDS, "note", 100);
        int normal = arena.ordered(Arena.HANDS);
        long struck = System.nanoTime();
        try {
            for (int wanted : List.of(normal + 2, 1, normal)) {
                String _ = arena.command("scale", Map.of("group", Arena.HANDS, "instances", Integer.toString(wanted)));
                long up = arena.rows(Arena.HANDS).stream()
                        .filter(row -> row.pid() != 0)
                        .count();
                Unmet.unless(up == wanted, "scaled to " + wanted + ", but " + up + " processes are there");
            }
        } finally {
            Stage.Answer _ =
                    arena.stage().answer("scale", Map.of("group", Arena.HANDS, "instances", Integer.toString(normal)));
        }
        long over = System.nanoTime();
        keys.forEach(arena::done);
        return over - struck;
    }

    /// @return from the order to resume to the end of the first task after it
    private static long pause(Arena arena) {
        Map<String, String> hands = Map.of("group", Arena.HANDS);
        String key;
        long resumed;
        try {
            String _ = arena.command("pause", hands);
            key = arena.work().put(Workload.HANDS, "note");
            Waiting.whileTrue(
                    "a paused pool took up a task",
                    AFTERWARDS,
                    () -> arena.ledger().attempts(key).isEmpty());
        } finally {
            resumed = System.nanoTime();
            Stage.Answer _ = arena.stage().answer("resume", hands);
        }
        arena.done(key);
        return System.nanoTime() - resumed;
    }

    /// @return from the start of the task to its end
    private static long flood(Arena arena) {
        long before = Masters.memory(arena);
        String key = arena.work().put(Workload.HANDS, "print", OUTPUT_MEGABYTES);
        Ledger.Attempt attempt = arena.begun(key, 1);
        arena.done(key);
        long grown = Masters.memory(arena) - before;
        Unmet.unless(grown < MASTER_GROWTH, "the master grew by " + (grown >> 20) + " MiB while it was printed to");
        return arena.ledger().ended(arena.ledger().attempts(key).getFirst()) - attempt.begun();
    }

    /// @return from the kill to the end of the last descendant
    private static long grandchild(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "fork", (int) Waiting.PATIENCE.toSeconds() * 5);
        Ledger.Attempt attempt = arena.begun(key, 1);
        arena.done(key);
        List<Long> strangers = Waiting.until("the grandchild", Waiting.PATIENCE, () -> {
            List<Long> found =
                    arena.family().members().stream().filter(Commands::sleeps).toList();
            return found.isEmpty() ? Optional.empty() : Optional.of(found);
        });
        String name = holder(arena, attempt);
        long struck = arena.signal(attempt.pid(), Signals.KILL);
        Row _ = arena.replaced(name, attempt.pid());
        try {
            long _ = Waiting.untilTrue(
                    "the end of the grandchild",
                    Waiting.PATIENCE,
                    () -> arena.family().members().stream().noneMatch(strangers::contains));
        } finally {
            strangers.forEach(pid -> arena.family().signal(pid, Signals.KILL));
        }
        return System.nanoTime() - struck;
    }

    private static boolean sleeps(long pid) {
        return ProcFs.stat(pid).filter(stat -> stat.comm().equals("sleep")).isPresent();
    }
}
