package dev.muster.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoardTest {
    private static final Identity MASTER = new Identity(4711, 123_456_789);

    @TempDir
    Path directory;

    Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("board");
    }

    @Nested
    class Creation {
        @Test
        void makesAPrivateFileOfTheLengthThatTheHeaderSays() throws IOException {
            try (Board board = Board.create(file, 3, MASTER)) {
                assertThat(board.slots()).isEqualTo(3);
                assertThat(file).hasSize(BoardDescriptor.fileLength(3));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                try (var names = Files.list(directory)) {
                    assertThat(names).containsExactly(file);
                }
            }
        }

        @Test
        void reservesTheMemoryAtOnce() throws Exception {
            try (Board _ = Board.create(file, 2, MASTER)) {
                Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
                String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(Long.parseLong(blocks.strip()) * 512).isGreaterThanOrEqualTo(BoardDescriptor.fileLength(2));
                assertThat(stat.waitFor()).isZero();
            }
        }

        @Test
        void replacesAnOldBoardAndWhatADeadMasterLeftBehind() throws IOException {
            Files.writeString(directory.resolve("board.new"), "half a board");
            try (Board old = Board.create(file, 1, MASTER)) {
                old.slot(0).reset(9);
                try (Board fresh = Board.create(file, 2, new Identity(1, 2))) {
                    assertThat(fresh.slot(0).life()).isZero();
                    assertThat(old.slot(0).life()).isEqualTo(9);
                    old.delete();
                    assertThat(file).exists();
                    fresh.delete();
                    assertThat(file).doesNotExist();
                }
            }
        }

        @Test
        void failsWithTheFileAndLeavesNothing() {
            Path missing = directory.resolve("missing/board");
            assertThatExceptionOfType(BoardException.class)
                    .isThrownBy(() -> Board.create(missing, 1, MASTER))
                    .withMessageContaining(missing.toString());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Board.create(file, 0, MASTER))
                    .withMessageContaining("slots=0");
            assertThatIllegalArgumentException().isThrownBy(() -> Board.create(file, 4097, MASTER));
            assertThat(directory).isEmptyDirectory();
        }

        @Test
        void leavesNothingWhereItsNameIsTaken() throws IOException {
            Files.createDirectories(file.resolve("x"));
            assertThatExceptionOfType(BoardException.class).isThrownBy(() -> Board.create(file, 1, MASTER));
            assertThat(directory.resolve("board.new")).doesNotExist();
        }
    }

    @Nested
    class Attaching {
        @Test
        void showsTheMasterAndTheSameMemory() {
            try (Board board = Board.create(file, 2, MASTER);
                    Board other = Board.attach(file)) {
                assertThat(other.master()).isEqualTo(MASTER);
                assertThat(other.slots()).isEqualTo(2);
                board.slot(1).reset(7);
                other.slot(1).register(7, "me");
                assertThat(board.slot(1).incarnation()).isEqualTo("me");
                assertThat(board.slot(0).incarnation()).isEmpty();
            }
        }

        @Test
        void refusesWhatIsNotThere() {
            refused("NoSuchFile");
        }

        @Test
        void refusesAnEmptyFile() throws IOException {
            Files.createFile(file);
            refused("length=0");
        }

        @Test
        void refusesAnotherMagic() throws IOException {
            Files.write(file, new byte[(int) BoardDescriptor.fileLength(1)]);
            refused("magic=0000000000000000");
        }

        @Test
        void refusesAnotherVersion() throws IOException {
            change(BoardDescriptor.VERSION_OFFSET, 1);
            refused("version=1, expected version=%d".formatted(BoardDescriptor.VERSION));
        }

        @Test
        void refusesAnotherSlotCount() throws IOException {
            change(BoardDescriptor.SLOT_COUNT_OFFSET, 2);
            refused("for slots=2");
            change(BoardDescriptor.SLOT_COUNT_OFFSET, -1);
            refused("slots=-1");
        }

        @Test
        void refusesAShortenedFile() throws IOException {
            Board.create(file, 1, MASTER).close();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 1);
            }
            refused("length=" + (BoardDescriptor.fileLength(1) - 1));
        }

        @Test
        void refusesALink() throws IOException {
            Path real = directory.resolve("real");
            Board.create(real, 1, MASTER).close();
            Files.createSymbolicLink(file, real);
            refused("board");
        }

        private void refused(String why) {
            assertThatExceptionOfType(BoardException.class)
                    .isThrownBy(() -> Board.attach(file))
                    .withMessageContaining(file.toString())
                    .withMessageContaining(why);
        }

        private void change(int offset, int value) throws IOException {
            if (!Files.exists(file)) {
                Board.create(file, 1, MASTER).close();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
                assertThat(channel.write(word.putInt(0, value), offset)).isEqualTo(Integer.BYTES);
            }
        }
    }

    @Nested
    class Pending {
        @Test
        void survivesTheBoardsOwner() {
            try (Board board = Board.create(file, 1, MASTER)) {
                assertThat(board.addPending("a", new byte[] {1})).isTrue();
                assertThat(board.addPending("b", new byte[Board.PENDING_BYTES])).isTrue();
                assertThat(board.addPending("a", new byte[] {2, 3})).isTrue();
            }
            try (Board board = Board.attach(file)) {
                assertThat(board.pending()).containsOnlyKeys("b", "a").containsEntry("a", new byte[] {2, 3});
                assertThat(board.pending().keySet()).containsExactly("b", "a");
                assertThat(board.removePending("a")).isTrue();
                assertThat(board.removePending("a")).isFalse();
                assertThat(board.pending()).containsOnlyKeys("b");
            }
        }

        @Test
        void saysWhenItIsFull() {
            try (Board board = Board.create(file, 1, MASTER)) {
                for (int i = 0; i < Board.PENDING; i++) {
                    assertThat(board.addPending("key" + i, new byte[] {(byte) i}))
                            .isTrue();
                }
                assertThat(board.addPending("more", new byte[0])).isFalse();
                assertThat(board.pending()).hasSize(Board.PENDING).doesNotContainKey("more");
                assertThat(board.removePending("key17")).isTrue();
                assertThat(board.addPending("more", new byte[0])).isTrue();
            }
        }

        @Test
        void namesValueAndLimitOfWhatIsTooLong() {
            try (Board board = Board.create(file, 1, MASTER)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> board.addPending("k", new byte[Board.PENDING_BYTES + 1]))
                        .withMessageContaining("1969")
                        .withMessageContaining("1968");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> board.addPending("k".repeat(65), new byte[0]))
                        .withMessageContaining("65")
                        .withMessageContaining("64");
                assertThatIllegalArgumentException().isThrownBy(() -> board.addPending("", new byte[0]));
                assertThat(board.pending()).isEmpty();
            }
        }

        @Test
        void behavesLikeAMap() {
            long seed = 20261123;
            Random random = new Random(seed);
            Map<String, Byte> model = new HashMap<>();
            try (Board board = Board.create(file, 1, MASTER)) {
                for (int step = 0; step < 2000; step++) {
                    String key = "k" + random.nextInt(40);
                    if (random.nextBoolean()) {
                        byte value = (byte) random.nextInt();
                        assertThat(board.addPending(key, new byte[] {value})).isTrue();
                        model.put(key, value);
                    } else {
                        assertThat(board.removePending(key)).isEqualTo(model.remove(key) != null);
                    }
                }
                Map<String, Byte> kept = new HashMap<>();
                board.pending().forEach((key, entry) -> kept.put(key, entry[0]));
                assertThat(kept).as("seed %d", seed).isEqualTo(model);
            }
        }
    }

    @Nested
    class Place {
        @Test
        void isInSharedMemoryAndTheSameForTheSameRunDirectory() throws IOException {
            Path run = Files.createDirectories(directory.resolve("run"));
            Path place = BoardFile.place(run);
            assertThat(Files.getFileStore(place.getParent()).type()).isEqualTo("tmpfs");
            assertThat(BoardFile.place(directory.resolve("./run"))).isEqualTo(place);
            if (!place.startsWith(directory)) {
                assertThat(place.toString()).matches("/dev/shm/muster-\\d+-[0-9a-f]{16}\\.board");
                assertThat(BoardFile.place(Files.createDirectories(directory.resolve("other"))))
                        .isNotEqualTo(place);
            }
        }

        @Test
        void isTheRunDirectoryItselfIfThatIsInMemory() throws IOException {
            Path run = Files.createTempDirectory(Path.of("/dev/shm"), "muster-test");
            try {
                assertThat(BoardFile.place(run)).isEqualTo(run.resolve("board"));
            } finally {
                Files.delete(run);
            }
        }

        @Test
        void needsARunDirectory() {
            assertThatExceptionOfType(BoardException.class)
                    .isThrownBy(() -> BoardFile.place(directory.resolve("missing")))
                    .withMessageContaining("missing");
        }
    }

    @Test
    void isNotUsedAfterItsEnd() {
        Board board = Board.create(file, 1, MASTER);
        board.delete();
        board.close();
        assertThat(file).doesNotExist();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> board.slot(0).beat());
    }
}
