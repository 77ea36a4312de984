package dev.muster.supervise;

import dev.muster.board.Board;
import dev.muster.board.BoardException;
import dev.muster.board.BoardSlot;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.os.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// What an earlier master left on its board: the workers that died with it, and those nobody had dealt with yet.
final class Inheritance {
    private Inheritance() {}

    /// Reads it, and adds whoever holds tasks and is not alive.
    ///
    /// @param file where the board is, if there is one
    /// @param log takes a level and a line
    /// @throws StartException if that master is not dead
    static List<DeadWorker> of(Path file, BiConsumer<String, String> log) {
        List<DeadWorker> dead = new ArrayList<>();
        if (Files.exists(file)) {
            try (Board old = Board.attach(file)) {
                if (old.master().alive()) {
                    throw alive(file, old.master());
                }
                dead.addAll(Estate.written(old));
                for (int i = 0; i < old.provided(); i++) {
                    BoardSlot slot = old.slot(i);
                    if (!slot.incarnation().isEmpty()) {
                        dead.add(lost(slot));
                    }
                }
                log.accept(
                        "WARN",
                        "an earlier master ended without a stop; " + dead.size()
                                + " workers may have left work behind, which is given back now");
            } catch (BoardException e) {
                log.accept(
                        "WARN",
                        "the board of an earlier master cannot be read (" + e.getMessage()
                                + "); what its workers had started is unknown");
            }
        }
        dead.add(new DeadWorker(
                DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "its worker was gone at the start", ""));
        return dead;
    }

    /// It holds the lock of a directory that somebody has removed since.
    private static StartException alive(Path file, Identity master) {
        return new StartException(
                ExitCode.ALREADY_RUNNING,
                "the master with pid " + master.pid() + " still runs with this run directory, though the directory was"
                        + " removed and its board " + file + " is all that is left of it; end it with kill -TERM "
                        + master.pid() + ", then start again");
    }

    private static DeadWorker lost(BoardSlot slot) {
        return new DeadWorker(
                slot.incarnation(),
                "",
                Verdict.CRASH,
                "",
                Estate.started(slot),
                true,
                "MASTER_LOST: died with its master",
                "");
    }
}
