package dev.muster.console.chaos;

import dev.muster.control.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Processes that do not come up, or not for long.
final class Boots {
    /// A slot in quarantine is tried again about every 15 to 30 s, and must boot then.
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private Boots() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario(
                        "boot-throws",
                        "22,49",
                        "a reload with code that throws at boot",
                        arena -> rolledBack(arena, "throw")),
                new Scenario(
                        "boot-hangs",
                        "23",
                        "a reload with code that hangs at boot",
                        arena -> rolledBack(arena, "hang")),
                new Scenario("crash-loop", "24", "a process that dies at once in each life", Boots::crashLoop));
    }

    /// @return from the order to the answer that it was rolled back
    private static long rolledBack(Arena arena, String order) {
        long _ = arena.settle(Waiting.PATIENCE);
        Set<Integer> before = generations(arena);
        long struck = System.nanoTime();
        arena.orders().give("boot-hands", order);
        Stage.Answer answer = arena.stage().answer("reload", Map.of("scope", Arena.HANDS));
        long answered = System.nanoTime();
        arena.orders().revoke("boot-hands");
        Unmet.unless(
                answer.code() == ExitCode.FAILED.number(),
                "the reload ended with " + answer.code() + ", not 1: " + answer.text());
        long _ = arena.settle(Waiting.PATIENCE);
        Set<Integer> after = generations(arena);
        Unmet.unless(after.equals(before), "the pool runs generation " + after + " after the roll-back, not " + before);
        arena.done(arena.work().put(Workload.HANDS, "note"));
        return answered - struck;
    }

    private static Set<Integer> generations(Arena arena) {
        return arena.rows(Arena.HANDS).stream().map(Row::generation).collect(Collectors.toSet());
    }

    /// @return from the end of the fault to the recovery, which nobody orders
    private static long crashLoop(Arena arena) {
        Row _ = arena.proven(Arena.CULPRIT);
        arena.orders().give("culprit-always", "exit 5");
        long _ = Waiting.untilTrue(
                "quarantine", Waiting.PATIENCE, () -> arena.row(Arena.CULPRIT).quarantined());
        arena.done(arena.work().put(Workload.HANDS, "note"));
        long mended = System.nanoTime();
        arena.orders().revoke("culprit-always");
        long _ = Waiting.untilTrue("recovery from quarantine", RECOVERY, () -> {
            Row row = arena.row(Arena.CULPRIT);
            return row.running() && row.units() > 0;
        });
        long back = System.nanoTime();
        String _ = arena.command("restart", Map.of("slot", Arena.CULPRIT));
        return back - mended;
    }
}
