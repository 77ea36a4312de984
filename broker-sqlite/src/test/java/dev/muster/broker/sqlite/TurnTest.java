package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class TurnTest {
    @TempDir
    Path directory;

    private Path file;
    private Turn turn;

    @BeforeEach
    void open() {
        file = directory.resolve("queue.db-turn");
        turn = Turn.open(file);
    }

    /// As another process writes them.
    private void words(long waiterTime, int waiterPid, int holderPid) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        bytes.putLong(waiterTime).putInt(waiterPid).putInt(holderPid).flip();
        try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
            other.write(bytes.array());
        }
    }

    private static int self() {
        return (int) ProcessHandle.current().pid();
    }

    private long standsBackFor() {
        long start = System.nanoTime();
        turn.standBack();
        return System.nanoTime() - start;
    }

    @Test
    void theLastHolderStandsBackForAFreshWaiterButNotForLong() throws Exception {
        turn.holding();
        long longest = 0;
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            words(System.nanoTime(), self() + 1, self());
            long time = standsBackFor();
            longest = Math.max(longest, time);
            shortest = Math.min(shortest, time);
        }

        // The machine may be busy between two of these lines; ten times in a row it is not.
        assertThat(longest).isGreaterThan(TimeUnit.MICROSECONDS.toNanos(1900));
        assertThat(shortest).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void nobodyElseStandsBack() throws Exception {
        words(System.nanoTime(), self() + 1, self() + 1);
        assertThat(shortestOfThree()).isLessThan(TimeUnit.MILLISECONDS.toNanos(1));
        words(System.nanoTime(), self(), self());
        assertThat(shortestOfThree()).isLessThan(TimeUnit.MILLISECONDS.toNanos(1));
        words(System.nanoTime() - TimeUnit.SECONDS.toNanos(1), self() + 1, self());
        assertThat(shortestOfThree()).isLessThan(TimeUnit.MILLISECONDS.toNanos(1));
    }

    private long shortestOfThree() {
        return Math.min(standsBackFor(), Math.min(standsBackFor(), standsBackFor()));
    }

    @Test
    void twoMappingsShareTheirChanges() {
        Turn other = Turn.open(file);
        int before = turn.changes(List.of("q"));

        other.changed("q");
        assertThat(turn.changes(List.of("q"))).isNotEqualTo(before);
        int next = turn.changes(List.of("other"));
        other.changed();
        assertThat(turn.changes(List.of("other"))).isNotEqualTo(next);
    }

    @Test
    void doesNotWaitForAChangeThatHasHappened() {
        int seen = turn.changes(List.of("q"));
        turn.changed("q");
        long start = System.nanoTime();
        turn.await(List.of("q"), seen, TimeUnit.SECONDS.toNanos(10));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void garbageCostsMillisecondsAtMost() throws Exception {
        long seed = 4711;
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            words(System.nanoTime() + random.nextInt(2_000_000), random.nextInt(), self());
            long start = System.nanoTime();
            turn.standBack();
            assertThat(System.nanoTime() - start).as("seed %s, %s", seed, i).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void survivesTheRemovalOfItsFile() throws Exception {
        Files.delete(file);
        int seen = turn.changes(List.of("q"));
        turn.changed("q");
        Turn other = Turn.open(file);
        other.changed("q");

        assertThat(turn.changes(List.of("q"))).isEqualTo(seen + 1);
        assertThat(file).hasSize(320);
    }

    @Test
    void worksWithoutItsFile() throws Exception {
        Path blocked = Files.createDirectory(directory.resolve("blocked-turn"));
        Turn blind = Turn.open(blocked);

        blind.waiting();
        blind.changed("q");
        blind.standBack();
        blind.await(List.of("q"), 0, 1000);
        assertThat(blind.lastHolder()).isZero();
    }
}
