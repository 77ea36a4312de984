package dev.muster.console.chaos;

import dev.muster.task.Broker.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Code that does not come back.
final class Hangs {
    private Hangs() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("spin-task", "10", "an endless loop in a task", arena -> task(arena, "spin", "spin")),
                new Scenario(
                        "deadlock-task", "12", "a deadlock in a task", arena -> task(arena, "deadlock", "deadlock")),
                new Scenario("spin-user", "10", "an endless loop in a run", arena -> run(arena, "spin", "deadline")),
                new Scenario("hang-user", "14", "a run that waits for ever", arena -> run(arena, "hang", "deadline")),
                new Scenario(
                        "carriers",
                        "13",
                        "all carriers of virtual threads busy",
                        arena -> run(arena, "carriers", "carriers")),
                new Scenario("deaf", "15", "a shutdown hook that never ends, and a restart", Hangs::deaf));
    }

    /// @return from the start of the task to the replacement of its process
    private static long task(Arena arena, String name, String trace) {
        String key = arena.work().put(Workload.HANDS, name);
        Ledger.Attempt attempt = arena.begun(key, 1);
        TaskView letter = arena.dead(key);
        Unmet.unless(letter.reason().equals("DEADLINE"), "the task ended as " + letter.reason() + ", not as DEADLINE");
        Fatality death = arena.died(attempt.pid(), "STUCK deadline signal 9");
        Row _ = arena.replaced(death.name(), attempt.pid());
        long back = System.nanoTime();
        Unmet.unless(shows(death.dump(), trace), "the dump " + death.dump() + " does not show '" + trace + "'");
        return back - attempt.begun();
    }

    private static boolean shows(String dump, String trace) {
        try {
            return !dump.isEmpty()
                    && Files.readString(Path.of(dump)).toLowerCase(Locale.ROOT).contains(trace);
        } catch (IOException _) {
            return false;
        }
    }

    private static long run(Arena arena, String order, String kind) {
        Row victim = arena.proven(Arena.CULPRIT);
        long struck = System.nanoTime();
        arena.orders().give("culprit", order);
        Row _ = arena.replaced(Arena.CULPRIT, victim.pid());
        long back = System.nanoTime();
        Fatality _ = arena.died(victim.pid(), "STUCK " + kind + " signal 9");
        return back - struck;
    }

    private static long deaf(Arena arena) {
        Row victim = arena.proven(Arena.CULPRIT);
        arena.orders().give("culprit", "deafen");
        Row deafened = Waiting.until(
                "a run with the hook",
                Waiting.PATIENCE,
                () -> arena.find(Arena.CULPRIT).filter(row -> row.units() > victim.units() + 2));
        long struck = System.nanoTime();
        String _ = arena.command("restart", Map.of("slot", Arena.CULPRIT));
        long back = System.nanoTime();
        Unmet.unless(
                arena.row(Arena.CULPRIT).pid() != deafened.pid(), "restart was done, but the same process is there");
        return back - struck;
    }
}
