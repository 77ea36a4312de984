package dev.muster.board;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A board with room for many of which few have memory.
@Timeout(30)
class ProvidedBoardTest {
    private static final int MANY = 64;

    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("board");
    }

    /// How much of the file has memory, or place on a disk.
    private long allocated() throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
    }

    @Test
    void onlyTheFirstSlotsHaveMemoryAndMoreGetItWhenTheyAreProvided() throws IOException {
        try (Board board = Board.create(file, MANY, 2, Identity.self())) {
            assertThat(board.slots()).isEqualTo(MANY);
            assertThat(board.provided()).isEqualTo(2);
            assertThat(Files.size(file)).isEqualTo(BoardDescriptor.fileLength(MANY));
            assertThat(allocated()).isLessThan(BoardDescriptor.fileLength(4));

            board.provide(9);
            assertThat(board.provided()).isEqualTo(10);
            assertThat(allocated()).isBetween(BoardDescriptor.fileLength(10), BoardDescriptor.fileLength(12));
            board.slot(9).reset(7);
            board.slot(9).register(7, "me.1");

            board.provide(3);
            assertThat(board.provided()).as("it never becomes less").isEqualTo(10);
            assertThat(board.slot(9).incarnation()).as("nor is anything wiped").isEqualTo("me.1");
            board.provide(9);
            assertThat(board.provided()).isEqualTo(10);

            try (Board other = Board.attach(file)) {
                assertThat(other.provided()).isEqualTo(10);
                assertThat(other.slot(9).incarnation()).isEqualTo("me.1");
            }
            board.provide(MANY - 1);
            assertThat(board.provided()).isEqualTo(MANY);
        }
    }

    @Test
    void theBoardOfAnotherMasterUnderTheSameNameIsNotTouched() {
        try (Board first = Board.create(file, MANY, 2, Identity.self());
                Board second = Board.create(file, MANY, 10, Identity.self())) {
            second.slot(9).reset(7);
            second.slot(9).register(7, "second.1");
            first.provide(9);
            first.slot(9).reset(8);
            first.slot(9).register(8, "first.1");
            assertThat(second.slot(9).incarnation()).isEqualTo("second.1");
            assertThat(first.slot(9).incarnation()).isEqualTo("first.1");
        }
    }

    @Test
    void onlyTheMasterProvides() {
        try (Board _ = Board.create(file, 4, 1, Identity.self());
                Board other = Board.attach(file)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> other.provide(1))
                    .withMessageContaining("slot 1")
                    .withMessageContaining("only its master can");
        }
    }

    @Test
    void whatDoesNotExistCannotBeProvided() {
        try (Board board = Board.create(file, 4, 1, Identity.self())) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> board.provide(4));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> board.provide(-1));
            assertThat(board.provided()).isOne();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Board.create(file, 0, 0, Identity.self()));
    }
}
