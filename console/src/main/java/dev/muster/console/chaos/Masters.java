package dev.muster.console.chaos;

import dev.muster.board.BoardFile;
import dev.muster.control.ExitCode;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The start, the stop and the death of the master.
final class Masters {
    /// After the death of the master nobody may be left any more.
    private static final Duration ORPHANS = Duration.ofSeconds(2);

    /// What a stop leaves in the run directory on purpose.
    private static final Set<String> STAYING = Set.of("lock", "config.json", "process-map.json", "dumps");

    private static final Duration STOP = Duration.ofSeconds(60);

    private Masters() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("double-start", "44", "a second start on the same directories", Masters::secondStart),
                new Scenario("stop-busy", "50", "a stop while a task runs that does not end", Masters::stopBusy),
                new Scenario(
                        "stale-lock", "45", "a lock file with a pid that belongs to somebody else", Masters::staleLock),
                new Scenario("kill-master", "5,46", "kill -9 of the master, one worker stopped", Masters::kill));
    }

    /// Resident memory of the master, in bytes.
    static long memory(Arena arena) {
        return ProcFs.stat(arena.stage().master()).map(ProcStat::rssBytes).orElse(0L);
    }

    private static long secondStart(Arena arena) {
        long first = arena.stage().master();
        long struck = System.nanoTime();
        int code = arena.stage().startAnother();
        long over = System.nanoTime();
        Unmet.unless(
                code == ExitCode.ALREADY_RUNNING.number(), "the second start ended with " + code + ", not with 69");
        Unmet.unless(arena.stage().master() == first && !arena.stage().rows().isEmpty(), "the first master is hurt");
        return over - struck;
    }

    /// @return from the order to the end of the master
    private static long stopBusy(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt first = arena.begun(key, 1);
        long struck = System.nanoTime();
        int code = arena.stage().stop(STOP);
        long over = System.nanoTime();
        Unmet.unless(code == 0, "the master ended with " + code);
        nobodyIsLeft(arena);
        // Nobody lived who could give its work back: the next start does, and the board tells it what was started.
        Unmet.unless(Files.exists(BoardFile.place(arena.stage().runDir())), "the stop has forgotten its work");
        arena.stage().start();
        Ledger.Attempt second = arena.begun(key, 2);
        Unmet.unless(second.pid() != first.pid(), "the task was started again by a process that was stopped");
        arena.release(key);
        return over - struck;
    }

    /// @return how long the start takes
    private static long staleLock(Arena arena) {
        int code = arena.stage().stop(STOP);
        Unmet.unless(code == 0, "the master ended with " + code);
        try {
            Path _ = Files.writeString(
                    arena.stage().runDir().resolve("lock"),
                    ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long struck = System.nanoTime();
        arena.stage().start();
        return System.nanoTime() - struck;
    }

    /// @return from the kill to the second start of the task, in the next life of the application
    private static long kill(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt first = arena.begun(key, 1);
        Row frozen = arena.proven(row -> row.pid() != first.pid());
        long _ = arena.signal(frozen.pid(), Signals.STOP);
        long struck = arena.signal(arena.stage().master(), Signals.KILL);
        long _ = Waiting.untilTrue(
                "that nobody is left of a dead master",
                ORPHANS,
                () -> arena.family().members().isEmpty());
        int code = arena.stage().stop(Duration.ofSeconds(1));
        Unmet.unless(code == 128 + Signals.KILL, "the killed master ended with " + code);
        arena.stage().start();
        Ledger.Attempt second = arena.begun(key, 2);
        arena.release(key);
        Unmet.unless(second.pid() != first.pid(), "a dead process started the task again");
        return second.begun() - struck;
    }

    /// After a stop: no process, no file that does not stay, nothing in shared memory.
    static void nothingIsLeft(Arena arena) {
        nobodyIsLeft(arena);
        Path board = BoardFile.place(arena.stage().runDir());
        Unmet.unless(!Files.exists(board), "the stop left the board behind: " + board);
    }

    private static void nobodyIsLeft(Arena arena) {
        long _ = Waiting.untilTrue(
                "that no process is left after the stop",
                ORPHANS,
                () -> arena.family().members().isEmpty());
        try (Stream<Path> files = Files.list(arena.stage().runDir())) {
            List<String> left = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !STAYING.contains(name))
                    .toList();
            Unmet.unless(left.isEmpty(), "the stop left behind in the run directory: " + left);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
