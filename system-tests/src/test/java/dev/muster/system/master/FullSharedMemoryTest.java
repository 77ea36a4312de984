package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.board.Board;
import dev.muster.board.BoardException;
import dev.muster.os.Identity;
import dev.muster.system.SmallDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// No memory for one more process on the board: an error that can be caught, and nothing else.
@Timeout(60)
class FullSharedMemoryTest {
    @TempDir
    Path directory;

    @Test
    void aSlotWithoutMemoryIsRefusedAndTheOthersWorkOn() {
        try (SmallDisk memory = SmallDisk.mount(directory.resolve("shm"), "2m");
                Board board = Board.create(memory.place().resolve("board"), 64, 2, Identity.self())) {
            board.slot(1).reset(1);
            board.slot(1).register(1, "me.1");
            assertThatExceptionOfType(BoardException.class)
                    .isThrownBy(() -> board.provide(63))
                    .withMessageContaining("cannot get memory for slot 63 of the board")
                    .withMessageContaining("make room there");
            assertThat(board.provided()).isEqualTo(2);
            assertThat(board.slot(1).incarnation()).isEqualTo("me.1");

            memory.change("size=32m");
            board.provide(63);
            assertThat(board.provided()).isEqualTo(64);
            board.slot(63).reset(2);
        }
    }
}
