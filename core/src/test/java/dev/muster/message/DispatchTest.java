package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.TaskFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Immediate tasks between posts.
@Timeout(30)
class DispatchTest {
    private static final Limits BRIEF = new Limits(64 << 10, 128 << 10, 8, 2_000_000_000L, 0);

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
    void theResultComesBack() throws Exception {
        Post worker = neighbours.open(1, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        Post.Submitted submitted = sender.submit("two".getBytes(UTF_8));
        submitted.accepted().get();
        Letter letter = Neighbours.take(worker);
        assertThat(letter.source()).isEqualTo(7);
        assertThat(submitted.result()).isNotDone();
        letter.result("four".getBytes(UTF_8));
        assertThat(submitted.result().get()).isEqualTo("four".getBytes(UTF_8));
    }

    @Test
    void aFailureComesBackAsOne() {
        Post worker = neighbours.open(1, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        CompletableFuture<byte[]> result = sender.submit(new byte[1]).result();
        Neighbours.take(worker).failed("IllegalStateException: no");
        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("in slot 1: IllegalStateException: no");
    }

    @Test
    void anIdleWorkerComesBeforeABusyOne() throws Exception {
        Post busy = neighbours.open(1, Role.TASK);
        Post idle = neighbours.open(2, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        // Both connections are known from now on.
        sender.submit(new byte[1]).accepted().get();
        sender.submit(new byte[1]).accepted().get();
        Neighbours.take(busy).result(new byte[0]);
        Neighbours.take(idle).result(new byte[0]);
        int mark = neighbours.seat(1).start(dev.muster.board.BoardSlot.Kind.TASK, "t", "t", 0);
        for (int i = 0; i < 4; i++) {
            sender.submit(new byte[1]).accepted().get();
            Neighbours.take(idle).result(new byte[0]);
        }
        neighbours.seat(1).finish(mark, false);
        assertThat(busy.close()).isZero();
    }

    @Test
    void aFullWorkerIsPassedOverAndAllOfThemAreNamed() throws Exception {
        neighbours.open(1, Role.TASK);
        neighbours.open(2, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        for (int i = 0; i < 2 * Neighbours.LIMITS.backlog(); i++) {
            sender.submit(new byte[1]).accepted().get();
        }
        assertThat(neighbours.seat(1).backlog()).isEqualTo(Neighbours.LIMITS.backlog());
        assertThat(neighbours.seat(2).backlog()).isEqualTo(Neighbours.LIMITS.backlog());
        assertThatThrownBy(() -> sender.submit(new byte[1]).accepted().get())
                .cause()
                .isInstanceOfSatisfying(
                        MessageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL))
                .hasMessageContaining("tried 2")
                .hasMessageContaining("raise tasks.workers");
    }

    @Test
    void withoutAWorkerTheSubmitterHearsOfIt() {
        Post sender = neighbours.open(7, Role.USER);
        assertThatThrownBy(() -> sender.submit(new byte[1]).result().get())
                .cause()
                .isInstanceOfSatisfying(
                        MessageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOBODY));
    }

    @Test
    void aSubmitterThatEndsSaysSoAndNotThatTheWorkerDied() throws Exception {
        Post worker = neighbours.open(1, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        Post.Submitted submitted = sender.submit(new byte[1]);
        submitted.accepted().get();
        sender.close();
        assertThatThrownBy(submitted.result()::get)
                .cause()
                .isInstanceOfSatisfying(
                        MessageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST))
                .hasMessageStartingWith(
                        "this process ended before it heard of the end of its immediate task in the task"
                                + " worker in slot 1");
        assertThat(Neighbours.take(worker).task()).isTrue();
    }

    @Test
    void aWorkerThatEndsTellsWhatItHasNotBegun() throws Exception {
        Post worker = neighbours.open(1, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        Post.Submitted submitted = sender.submit(new byte[1]);
        submitted.accepted().get();
        worker.close();
        assertThatThrownBy(submitted.result()::get)
                .cause()
                .isInstanceOf(TaskFailedException.class)
                .hasMessageContaining("the worker ended before it began it");
    }

    @Test
    void aTaskThatWasTriedAgainIsGivenUpInTime() throws IOException {
        try (Puppet worker = new Puppet(directory.resolve("t1"))) {
            Post sender = neighbours.open(7, Role.USER, PipeType.NONE, BRIEF);
            Post.Submitted submitted = sender.submit(new byte[1]);
            try (Puppet.Line line = worker.accept()) {
                assertThat(line.next().kind()).isEqualTo(FrameKind.HELLO);
                // Long enough that whoever looks after the time has found nothing under way.
                for (int i = 0; i < 30; i++) {
                    line.refuse(line.next().request(), Reason.FULL);
                }
                assertThat(line.next().kind()).isEqualTo(FrameKind.TASK);
                isLate(submitted);
            }
        }
    }

    @Test
    void aTaskSentToAWorkerThatLeavesIsGivenUpInTime() throws IOException {
        try (Puppet worker = new Puppet(directory.resolve("t1"))) {
            Post sender = neighbours.open(7, Role.USER, PipeType.NONE, BRIEF);
            Post.Submitted refused = sender.submit(new byte[1]);
            Post.Submitted unanswered = sender.submit(new byte[1]);
            try (Puppet.Line line = worker.accept()) {
                assertThat(line.next().kind()).isEqualTo(FrameKind.HELLO);
                line.refuse(line.next().request(), Reason.LEAVING);
                try (Puppet.Line heir = worker.accept()) {
                    assertThat(heir.next().kind()).isEqualTo(FrameKind.HELLO);
                    isLate(unanswered);
                    isLate(refused);
                }
            }
        }
    }

    private static void isLate(Post.Submitted submitted) {
        assertThatThrownBy(() -> submitted.accepted().get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        MessageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT))
                .hasMessageContaining("slot 1 did not answer");
    }

    @Test
    void aTaskTakenByAWorkerThatIsGoneIsLostAloud() throws Exception {
        Post worker = neighbours.open(1, Role.TASK);
        Post sender = neighbours.open(7, Role.USER);
        Post.Submitted submitted = sender.submit(new byte[1]);
        submitted.accepted().get();
        Letter begun = Neighbours.take(worker);
        worker.close();
        assertThatThrownBy(submitted.result()::get).cause().isInstanceOfSatisfying(MessageException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.LOST);
            assertThat(e.mayBeReceived()).isTrue();
        });
        begun.result(new byte[0]);
    }
}
