package dev.muster.console.chaos;

import dev.muster.os.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Processes that are stopped, and go on or do not.
final class Freezes {
    /// Longer than a process may be silent.
    private static final Duration LONG = Duration.ofSeconds(13);

    private static final Duration SHORT = Duration.ofSeconds(5);
    /// What a wrong verdict would need to show.
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);

    private Freezes() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("stop-worker", "8", "SIGSTOP of a worker that runs a task", Freezes::worker),
                new Scenario("stop-master", "6,58", "SIGSTOP of the master for 5 s", Freezes::master),
                new Scenario("stop-family", "9", "SIGSTOP of all processes for 13 s (host sleep)", Freezes::everybody));
    }

    private static long worker(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt first = arena.begun(key, 1);
        long struck = arena.signal(first.pid(), Signals.STOP);
        arena.done(arena.work().put(Workload.HANDS, "note"));
        Ledger.Attempt second = arena.begun(key, 2);
        arena.release(key);
        Fatality _ = arena.died(first.pid(), "STUCK stopped signal 9");
        return second.begun() - struck;
    }

    private static long master(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        Set<Long> before = pids(arena);
        long _ = arena.signal(arena.stage().master(), Signals.STOP);
        try {
            arena.done(arena.work().put(Workload.HANDS, "note"));
            Waiting.passing(SHORT);
        } finally {
            long _ = arena.signal(arena.stage().master(), Signals.CONT);
        }
        return nobodyWasKilled(arena, before);
    }

    private static long everybody(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        Set<Long> before = pids(arena);
        arena.family().signal(Signals.STOP);
        try {
            Waiting.passing(LONG);
        } finally {
            arena.family().signal(Signals.CONT);
        }
        return nobodyWasKilled(arena, before);
    }

    /// @return from the end of the freeze to the end of the next task
    private static long nobodyWasKilled(Arena arena, Set<Long> before) {
        long thawed = System.nanoTime();
        arena.done(arena.work().put(Workload.HANDS, "note"));
        long works = System.nanoTime();
        Waiting.whileTrue(
                "somebody was killed after the freeze: there were " + before,
                AFTERWARDS,
                () -> pids(arena).equals(before));
        return works - thawed;
    }

    private static Set<Long> pids(Arena arena) {
        return arena.stage().rows().stream().map(Row::pid).collect(Collectors.toSet());
    }
}
