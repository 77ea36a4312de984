package dev.muster.console.chaos;

import dev.muster.task.Broker.TaskView;
import java.util.List;

/// Processes that end by themselves, and exceptions that must not end them.
final class Exits {
    private Exits() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("exit-0", "25", "System.exit(0) in a user process", run("exit 0", "CLEAN code 0")),
                new Scenario("exit-1", "26", "System.exit(1) in a user process", run("exit 1", "ERROR code 1")),
                new Scenario("exit-64", "26", "System.exit(64), usage in sysexits.h", run("exit 64", "ERROR code 64")),
                new Scenario("exit-300", "26", "System.exit(300)", run("exit 300", "ERROR code 44")),
                new Scenario("exit-minus-1", "26", "System.exit(-1)", run("exit -1", "ERROR code 255")),
                new Scenario("halt-9", "26", "Runtime.halt(9)", run("halt 9", "ERROR code 9")),
                new Scenario("direct", "17", "direct memory exhausted", run("direct", "OOM code 3")),
                new Scenario("exit-task", "25", "System.exit(3) in a task", task("exit", "ERROR code 3", 3)),
                new Scenario("halt-task", "26", "Runtime.halt(9) in a task", task("halt", "ERROR code 9", 9)),
                new Scenario("heap-task", "16", "heap exhausted in a task", task("heap", "OOM code 3")),
                new Scenario("throw-task", "20", "an exception in a task", arena -> survived(arena, "fail")),
                new Scenario("overflow-task", "20", "stack overflow in a task", arena -> survived(arena, "overflow")),
                new Scenario("throw-user", "27", "an exception in a run", Exits::runThrows));
    }

    private static Scenario.Act run(String order, String cause) {
        return arena -> {
            Row victim = arena.proven(Arena.CULPRIT);
            long struck = System.nanoTime();
            arena.orders().give("culprit", order);
            Row _ = arena.replaced(Arena.CULPRIT, victim.pid());
            long back = System.nanoTime();
            Fatality _ = arena.died(victim.pid(), cause);
            return back - struck;
        };
    }

    private static Scenario.Act task(String name, String cause, int... more) {
        return arena -> {
            String key = arena.work().put(Workload.HANDS, name, more);
            Ledger.Attempt attempt = arena.begun(key, 1);
            Fatality death = arena.died(attempt.pid(), cause);
            Row _ = arena.replaced(death.name(), attempt.pid());
            long back = System.nanoTime();
            TaskView letter = arena.dead(key);
            Unmet.unless(
                    letter.reason().equals("CRASHED"), "the task ended as " + letter.reason() + ", not as CRASHED");
            return back - attempt.begun();
        };
    }

    /// @return from the start of the task to its dead letter
    private static long survived(Arena arena, String name) {
        String key = arena.work().put(Workload.HANDS, name);
        Ledger.Attempt attempt = arena.begun(key, 1);
        TaskView letter = arena.dead(key);
        long over = System.nanoTime();
        Unmet.unless(letter.reason().equals("FAILED"), "the task ended as " + letter.reason() + ", not as FAILED");
        Unmet.unless(
                arena.stage().rows().stream().anyMatch(row -> row.pid() == attempt.pid()),
                "the process " + attempt.pid() + " did not live through it");
        return over - attempt.begun();
    }

    private static long runThrows(Arena arena) {
        Row before = arena.proven(Arena.CULPRIT);
        long struck = System.nanoTime();
        arena.orders().give("culprit", "throw");
        Row after = Waiting.until(
                "runs after the exception",
                Waiting.PATIENCE,
                () -> arena.find(Arena.CULPRIT)
                        .filter(row -> row.pid() != before.pid() || row.units() > before.units() + 3));
        Unmet.unless(after.pid() == before.pid(), "the process did not live through the exception");
        return System.nanoTime() - struck;
    }
}
