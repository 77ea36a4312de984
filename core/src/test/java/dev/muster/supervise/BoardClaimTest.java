package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.board.Board;
import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two masters whose run directories have the same path, each in a container of its own, and one memory.
@Timeout(30)
class BoardClaimTest {
    @TempDir
    Path directory;

    @Test
    void theSecondOneIsRefusedWhileTheFirstRuns() throws Exception {
        Path run = Files.createDirectories(directory.resolve("run"));
        Path board = Files.createDirectories(directory.resolve("shm")).resolve("muster-0-0.board");
        try (BoardClaim _ = BoardClaim.of(run, board)) {
            // The pid of the other container is nobody here.
            Board.create(board, 1, new Identity(999_999_999, 1)).close();
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> BoardClaim.of(run, board).close())
                    .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ALREADY_RUNNING))
                    .withMessageContaining(board + " belongs to a master that runs, with the pid "
                            + ProcessHandle.current().pid() + " in its container")
                    .withMessageContaining("run.dir");
        }
        assertThat(directory.resolve("shm")).isDirectoryContaining(board::equals);
        assertThat(directory.resolve("shm/muster-0-0.board.lock")).doesNotExist();
        BoardClaim.of(run, board).close();
    }

    @Test
    void oneThatRunsHereIsNamedByItsPid() throws Exception {
        Path run = Files.createDirectories(directory.resolve("run"));
        Path board = Files.createDirectories(directory.resolve("shm")).resolve("muster-0-0.board");
        try (BoardClaim _ = BoardClaim.of(run, board);
                Board _ = Board.create(board, 1, Identity.self())) {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> BoardClaim.of(run, board).close())
                    .withMessageContaining(
                            "end it with kill -TERM " + ProcessHandle.current().pid());
        }
    }

    @Test
    void whereTheRunDirectoryHoldsTheBoardItsOwnLockIsEnough() throws Exception {
        Path board = directory.resolve("board");
        try (BoardClaim _ = BoardClaim.of(directory, board);
                BoardClaim _ = BoardClaim.of(directory, board)) {
            assertThat(directory).isEmptyDirectory();
        }
    }
}
