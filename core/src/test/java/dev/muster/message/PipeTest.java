package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.Pipe;
import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import dev.muster.Role;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Both ends of a pipe.
@Timeout(30)
class PipeTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(10);

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
    void messagesKeepTheirBoundsBothWays() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            outer.write("one");
            outer.write("two");
            assertThat(text(read(inner))).isEqualTo("one");
            assertThat(text(read(inner))).isEqualTo("two");
            assertThat(inner.write("three".getBytes(UTF_8))).isTrue();
            assertThat(inner.write("four".getBytes(UTF_8))).isTrue();
            assertThat(text(outer.read())).isEqualTo("three");
            assertThat(text(outer.read())).isEqualTo("four");
        }
    }

    @Test
    void aStreamHasAllBytesInOrder() {
        ProcessPipe inner = inner(PipeType.STREAM);
        byte[] sent = new byte[1_000_000];
        new Random(5).nextBytes(sent);
        try (Pipe outer = hold()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> outer.write(sent));
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (got.size() < sent.length) {
                byte[] piece = read(inner);
                assertThat(piece.length).isBetween(1, PipeStream.LONGEST_READ + Integer.BYTES);
                got.writeBytes(piece);
            }
            writing.join();
            assertThat(got.toByteArray()).isEqualTo(sent);
        }
    }

    @Test
    void limitsAreRefusedWithTheirNumbers() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            byte[] largest = new byte[Neighbours.LIMITS.maxSize()];
            outer.write(largest);
            assertThat(read(inner)).hasSize(largest.length);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> outer.write(new byte[largest.length + 1]))
                    .withMessageContaining("65537 bytes")
                    .withMessageContaining("at most 65536 (messages.maxSize)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> outer.write(new byte[0]))
                    .withMessageContaining("at least 1 byte");
        }
    }

    @Test
    void aReadEndsInTime() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            assertThat(outer.read(SHORT)).isEmpty();
            assertThat(inner.read(SHORT.toNanos(), () -> false)).isNull();
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aReadEndsInTimeAlsoWhileAnotherThreadReads() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            CompletableFuture<byte[]> first = waiting(() -> read(inner));
            assertThat(inner.read(SHORT.toNanos(), () -> false)).isNull();
            CompletableFuture<byte[]> second = waiting(outer::read);
            assertThat(outer.read(SHORT)).isEmpty();
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();
            outer.write("in");
            assertThat(text(first.join())).isEqualTo("in");
            inner.write("out".getBytes(UTF_8));
            assertThat(text(second.join())).isEqualTo("out");
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aWriteEndsInTimeAlsoWhileAnotherThreadWrites() {
        ProcessPipe inner = inner(PipeType.STREAM);
        try (Pipe outer = hold()) {
            byte[] much = new byte[4 << 20];
            CompletableFuture<Integer> first = waiting(() -> {
                outer.write(much);
                return much.length;
            });
            assertThat(outer.write(new byte[1], SHORT)).isFalse();
            assertThat(first).isNotDone();
            int left = much.length;
            while (left > 0) {
                left -= read(inner).length;
            }
            assertThat(first.join()).isEqualTo(much.length);
        }
    }

    @Test
    void aWriteToAnEndThatDoesNotReadEndsInTime() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            int written = 0;
            while (outer.write(new byte[1_000], SHORT)) {
                written++;
            }
            assertThat(written).isPositive();
            // Nothing of it was written: the pipe goes on where it was.
            for (int i = 0; i < written; i++) {
                assertThat(read(inner)).hasSize(1_000);
            }
            outer.write("after");
            assertThat(text(read(inner))).isEqualTo("after");
        }
    }

    @Test
    void aTimeOutInTheMiddleClosesThePipe() {
        inner(PipeType.STREAM);
        try (Pipe outer = hold()) {
            assertThatExceptionOfType(PipeClosedException.class)
                    .isThrownBy(() -> outer.write(new byte[4 << 20], SHORT))
                    .withMessageContaining("in the middle of 4194304 bytes");
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> outer.write("more"));
            assertThatExceptionOfType(PipeClosedException.class)
                    .isThrownBy(outer::read)
                    .withMessageContaining("was closed here");
        }
    }

    @Test
    void halfCloseLetsTheOtherDirectionGoOn() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            outer.write("question");
            outer.closeWrite();
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> outer.write("more"));
            assertThat(text(read(inner))).isEqualTo("question");
            assertThat(inner.read(SHORT.toNanos(), inner::inputEnded)).isNull();
            assertThat(inner.inputEnded()).isTrue();
            inner.write("answer".getBytes(UTF_8));
            inner.closeWrite();
            assertThat(text(outer.read())).isEqualTo("answer");
            assertThatExceptionOfType(PipeClosedException.class)
                    .isThrownBy(outer::read)
                    .withMessageContaining("writes no more");
        }
        try (Pipe next = hold()) {
            inner.write("again".getBytes(UTF_8));
            assertThat(text(next.read())).isEqualTo("again");
        }
    }

    @Test
    void messagesAndThePipeAreReadTogether() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        Post sender = neighbours.open(7, Role.POOL);
        CompletableFuture<String> reading = CompletableFuture.supplyAsync(() -> text(read(inner)));
        sender.send("as a message".getBytes(UTF_8), 5);
        assertThat(reading.join()).isEqualTo("as a message");
        try (Pipe outer = hold()) {
            CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> text(read(inner)));
            outer.write("over the pipe");
            assertThat(next.join()).isEqualTo("over the pipe");
        }
    }

    @Test
    void aPipeHasOneOuterEndAtATime() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        Pipe first = hold();
        assertThatExceptionOfType(MessageException.class)
                .isThrownBy(this::hold)
                .withMessageContaining("held by slot")
                .matches(e -> e.reason() == Reason.FULL);
        first.close();
        try (Pipe second = hold()) {
            inner.write("for the second".getBytes(UTF_8));
            assertThat(text(second.read())).isEqualTo("for the second");
        }
    }

    @Test
    void withoutAPipeThereIsNothingToHold() {
        neighbours.open(5, Role.TASK);
        assertThatExceptionOfType(MessageException.class)
                .isThrownBy(this::hold)
                .withMessageContaining("it has the role task, and only user processes have pipes");
    }

    @Test
    void theEndOfTheProcessIsTheEndOfThePipe() {
        Post process = neighbours.open(5, PipeType.DATAGRAM);
        ProcessPipe inner = pipe(process);
        try (Pipe outer = hold()) {
            inner.write("last words".getBytes(UTF_8));
            process.close();
            assertThat(text(outer.read())).isEqualTo("last words");
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(outer::read);
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> outer.write("too late"));
        }
    }

    @Test
    void whatNobodyHoldsIsNotWritten() {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        assertThat(inner.write(new byte[1])).isFalse();
        hold().close();
        await().until(() -> {
            try {
                return !inner.write(new byte[1]);
            } catch (PipeClosedException _) {
                return false;
            }
        });
    }

    @Test
    void closingWakesWhoReads() {
        inner(PipeType.DATAGRAM);
        Pipe outer = hold();
        CompletableFuture<byte[]> reading = waiting(outer::read);
        outer.close();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(reading::join)
                .withCauseInstanceOf(PipeClosedException.class)
                .withMessageContaining("was closed here");
    }

    @Test
    void whoIsInterruptedDoesNotWaitForData() throws Exception {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            for (Runnable read : List.<Runnable>of(outer::read, () -> outer.read(LONG), () -> read(inner))) {
                assertThat(interrupted(read))
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("interrupted while waiting until something comes");
            }
            outer.write("later");
            assertThat(text(read(inner))).isEqualTo("later");
            inner.write("too".getBytes(UTF_8));
            assertThat(text(outer.read())).isEqualTo("too");
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoIsInterruptedDoesNotWaitForAnotherReader() throws Exception {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            CompletableFuture<byte[]> first = waiting(outer::read);
            for (Runnable read : List.<Runnable>of(outer::read, () -> outer.read(LONG))) {
                assertThat(interrupted(read))
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("interrupted while another thread of this process was at the pipe");
            }
            inner.write("first".getBytes(UTF_8));
            assertThat(text(first.join())).isEqualTo("first");
        }
    }

    @Test
    void whoIsInterruptedDoesNotWaitForRoom() throws Exception {
        ProcessPipe inner = inner(PipeType.DATAGRAM);
        try (Pipe outer = hold()) {
            int written = 0;
            while (outer.write(new byte[1_000], SHORT)) {
                written++;
            }
            for (Runnable write : List.<Runnable>of(() -> outer.write("in vain"), outer::closeWrite)) {
                assertThat(interrupted(write))
                        .isExactlyInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("interrupted while waiting until there is room in the pipe of slot 5");
            }
            for (int i = 0; i < written; i++) {
                assertThat(read(inner)).hasSize(1_000);
            }
            outer.write("after");
            assertThat(text(read(inner))).isEqualTo("after");
            outer.closeWrite();
            assertThat(inner.read(LONG.toNanos(), inner::inputEnded)).isNull();
        }
    }

    @Test
    void anInterruptInTheMiddleClosesThePipe() throws Exception {
        inner(PipeType.STREAM);
        try (Pipe outer = hold()) {
            assertThat(interrupted(() -> outer.write(new byte[4 << 20])))
                    .isInstanceOf(PipeClosedException.class)
                    .hasMessageContaining("this thread was interrupted in the middle of 4194304 bytes");
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(() -> outer.write("more"));
        }
    }

    @Test
    void whoIsInterruptedDoesNotWaitForAPipe() throws Exception {
        try (Puppet process = new Puppet(directory.resolve("u5"))) {
            assertThat(interrupted(this::hold))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("interrupted while waiting until a process answers");
            try (Puppet.Line line = process.accept()) {
                assertThat(line.next().kind()).isEqualTo(FrameKind.HELLO);
            }
        }
    }

    /// What an interrupted thread, which stays interrupted, gets from this.
    private static Throwable interrupted(Runnable action) throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            Throwable thrown = catchThrowable(action::run);
            boolean _ = Thread.currentThread().isInterrupted()
                    ? outcome.complete(thrown)
                    : outcome.completeExceptionally(new AssertionError("the interrupt is gone", thrown));
        });
        return outcome.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private ProcessPipe inner(PipeType type) {
        return pipe(neighbours.open(5, type));
    }

    private static ProcessPipe pipe(Post process) {
        return Objects.requireNonNull(process.pipe());
    }

    private Pipe hold() {
        return neighbours.open(8, Role.POOL).pipe(5);
    }

    /// Has a thread of its own do it, which waits at a selector when this returns.
    private static <T> CompletableFuture<T> waiting(Callable<T> action) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                boolean _ = outcome.complete(action.call());
            } catch (Exception e) {
                boolean _ = outcome.completeExceptionally(e);
            }
        });
        await().until(() -> Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("select")));
        return outcome;
    }

    private static byte[] read(ProcessPipe inner) {
        return Objects.requireNonNull(inner.read(LONG.toNanos(), () -> false));
    }

    private static String text(byte[] data) {
        return new String(data, UTF_8);
    }
}
