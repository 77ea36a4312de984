package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.Role;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Messages between posts, each with a thread and a socket of its own.
@Timeout(30)
class PostTest {
    @TempDir
    private Path directory;

    private Neighbours neighbours;

    @BeforeEach
    void begin() {
        neighbours = new Neighbours(directory);
    }

    @AfterEach
    void end() {
        neighbours.close();
    }

    @Test
    void aMessageArrivesWholeWithItsSource() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        sender.send("hello".getBytes(UTF_8), 3);
        Letter letter = Neighbours.take(worker);
        assertThat(letter.source()).isEqualTo(7);
        assertThat(letter.data()).isEqualTo("hello".getBytes(UTF_8));
        assertThat(letter.task()).isFalse();
    }

    @Test
    void emptyAndLargestArriveAndOneByteMoreIsRefused() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        byte[] largest = new byte[Neighbours.LIMITS.maxSize()];
        Arrays.fill(largest, (byte) 7);
        sender.send(new byte[0], 3);
        sender.send(largest, 3);
        assertThat(Neighbours.take(worker).data()).isEmpty();
        assertThat(Neighbours.take(worker).data()).isEqualTo(largest);
        MessageException refused = refused(sender, new byte[largest.length + 1], 3);
        assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refused).hasMessageContaining("65537 bytes, at most 65536 (messages.maxSize)");
    }

    @Test
    void aProcessSendsToItself() {
        Post worker = neighbours.open(3, Role.TASK);
        worker.send(new byte[] {1}, 3);
        assertThat(Neighbours.take(worker).source()).isEqualTo(3);
    }

    @Test
    void aFullReceiverIsWaitedForAndThenNamed() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        for (int i = 0; i < Neighbours.LIMITS.backlog(); i++) {
            sender.send(new byte[] {(byte) i}, 3);
        }
        assertThat(neighbours.seat(3).backlog()).isEqualTo(Neighbours.LIMITS.backlog());
        MessageException refused = refused(sender, new byte[1], 3);
        assertThat(refused.reason()).isEqualTo(Reason.FULL);
        assertThat(refused.mayBeReceived()).isFalse();
        assertThat(refused).hasMessageContaining("slot 3").hasMessageContaining("8 unread, at most 8");
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> sender.send(new byte[] {99}, 3));
        for (int i = 0; i < Neighbours.LIMITS.backlog(); i++) {
            assertThat(Neighbours.take(worker).data()).containsExactly(i);
        }
        waiting.join();
        assertThat(Neighbours.take(worker).data()).containsExactly(99);
    }

    @Test
    void bytesAreBoundedToo() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        sender.send(new byte[64 << 10], 3);
        sender.send(new byte[64 << 10], 3);
        assertThat(refused(sender, new byte[1], 3)).hasMessageContaining("131072 bytes unread, at most 131072");
        assertThat(Neighbours.take(worker).data()).hasSize(64 << 10);
        sender.send(new byte[1], 3);
    }

    @Test
    void nobodyThereIsSaidInTime() {
        Post sender = neighbours.open(7, Role.POOL, PipeType.NONE, Neighbours.IMPATIENT);
        long start = System.nanoTime();
        MessageException refused = refused(sender, new byte[1], 4);
        assertThat(refused.reason()).isEqualTo(Reason.NOBODY);
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void whoLeavesTakesNothingNewAndItsHeirDoes() {
        Post old = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        sender.send(new byte[] {1}, 3);
        old.leave();
        MessageException refused = refused(sender, new byte[1], 3);
        assertThat(refused.reason()).isEqualTo(Reason.LEAVING);
        Post heir = neighbours.open(3, Role.TASK);
        sender.send(new byte[] {2}, 3);
        assertThat(Neighbours.take(old).data()).containsExactly(1);
        assertThat(old.inbox().await()).isFalse();
        assertThat(Neighbours.take(heir).data()).containsExactly(2);
    }

    @Test
    void aPausedSlotSaysSoAtOnce() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        worker.pause();
        assertThat(refused(sender, new byte[1], 3).reason()).isEqualTo(Reason.PAUSED);
        worker.open();
        sender.send(new byte[1], 3);
    }

    @Test
    void whoTakesNothingSaysWhatItLacks() {
        Neighbours others = neighbours;
        others.open(5, PipeType.NONE);
        Post sender = others.open(7, Role.POOL);
        assertThat(refused(sender, new byte[1], 5).reason()).isEqualTo(Reason.NOBODY);
    }

    @Test
    void theOrderOfOneSenderStays() {
        Post worker = neighbours.open(3, Role.TASK);
        Post sender = neighbours.open(7, Role.POOL);
        int count = 20_000;
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                sender.send(Integer.toString(i).getBytes(UTF_8), 3);
            }
        });
        for (int i = 0; i < count; i++) {
            assertThat(new String(Neighbours.take(worker).data(), UTF_8)).isEqualTo(Integer.toString(i));
        }
        sending.join();
    }

    @Test
    void unreadMessagesAreCountedAtTheEnd() {
        Post reader = neighbours.open(5, PipeType.DATAGRAM);
        Post sender = neighbours.open(7, Role.POOL);
        sender.send(new byte[1], 5);
        sender.send(new byte[1], 5);
        assertThat(reader.close()).isEqualTo(2);
    }

    private static MessageException refused(Post sender, byte[] data, int slot) {
        MessageException refused = catchThrowableOfType(MessageException.class, () -> sender.send(data, slot));
        assertThat(refused).isNotNull();
        return refused;
    }
}
