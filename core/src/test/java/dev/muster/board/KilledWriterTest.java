package dev.muster.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.board.BoardSlot.Mark;
import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process again and again at random moments. Neither while it lives nor afterwards does a reader see
/// anything that was not written as one.
@Timeout(180)
class KilledWriterTest {
    private static final int KILLS = 30;

    @TempDir
    Path directory;

    private @Nullable Process child;
    private int marksSeen;
    private int marksFinished;
    private int marksLeft;
    private int textsSeen;

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        if (child != null) {
            child.destroyForcibly();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nothingIsEverTorn() throws Exception {
        long seed = 4;
        Random random = new Random(seed);
        Path file = directory.resolve("board");
        try (Board board = Board.create(file, 1, new Identity(1, 1))) {
            BoardSlot slot = board.slot(0);
            for (int life = 1; life <= KILLS; life++) {
                slot.reset(life);
                Process process = start(file, life);
                child = process;
                await().pollInterval(Duration.ofMillis(2))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> slot.beats() > 50 && board.pending().containsKey(BoardWriter.KEY));

                long moment = System.nanoTime() + 5_000_000 + random.nextInt(20_000_000);
                while (System.nanoTime() - moment < 0) {
                    look(slot);
                    board.pending()
                            .values()
                            .forEach(entry ->
                                    assertThat(BoardWriter.whole(entry)).isTrue());
                }
                process.destroyForcibly();
                assertThat(process.waitFor()).as("killed by SIGKILL").isEqualTo(128 + 9);

                marksLeft += look(slot).size();
                assertThat(look(slot)).as("the same at every look").isEqualTo(look(slot));
                assertThat(slot.incarnation()).isEqualTo(BoardWriter.incarnation(life));
                Map<String, byte[]> pending = board.pending();
                assertThat(pending).as("life %d, seed %d", life, seed).containsOnlyKeys(BoardWriter.KEY);
                assertThat(BoardWriter.whole(pending.get(BoardWriter.KEY))).isTrue();
            }
        }
        assertThat(marksSeen).as("marks that a reader saw").isGreaterThan(KILLS * 10);
        assertThat(marksFinished).as("finished marks that a reader saw").isPositive();
        assertThat(textsSeen).as("texts that a reader saw").isGreaterThan(KILLS * 10);
        assertThat(marksLeft).as("marks that outlived their process").isGreaterThan(KILLS);
    }

    private List<Mark> look(BoardSlot slot) {
        List<Mark> marks = slot.marks();
        assertThat(marks).allMatch(BoardWriter::whole);
        String text = slot.text();
        if (text != null) {
            assertThat(BoardWriter.whole(text)).as("text %s", text).isTrue();
            textsSeen++;
        }
        long deadline = slot.earliestDeadline();
        assertThat(deadline == 0 || deadline - System.nanoTime() < 101_000_000_000L)
                .isTrue();
        marksSeen += marks.size();
        for (Mark mark : marks) {
            marksFinished += mark.finished() ? 1 : 0;
        }
        return marks;
    }

    private static Process start(Path file, int life) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BoardWriter.class.getName(),
                        file.toString(),
                        Integer.toString(life))
                .inheritIO()
                .start();
    }
}
