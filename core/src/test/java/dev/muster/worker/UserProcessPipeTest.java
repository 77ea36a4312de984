package dev.muster.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.Pipe;
import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import dev.muster.message.Limits;
import dev.muster.message.Post;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pipe of a user process as its own code sees it.
@Timeout(30)
class UserProcessPipeTest {
    private static final int PROCESS = 3;
    private static final int HOLDER = 5;
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private Post inner;
    private Post outer;
    private UserProcessContext process;

    @BeforeEach
    void open() {
        inner = post(PROCESS, Role.USER, PipeType.DATAGRAM);
        outer = post(HOLDER, Role.POOL, PipeType.NONE);
        process = new UserProcessContext(
                Duties.working(PROCESS, "Echo"),
                0,
                BoardSlot.inMemory(0),
                new StopRequest(),
                new Departure(_ -> {}),
                RunPermit.ALWAYS,
                inner);
    }

    @AfterEach
    void close() {
        outer.close();
        inner.close();
    }

    private Post post(int slot, Role role, PipeType pipe) {
        Limits limits = new Limits(1_024, 4_096, 8, LONG.toNanos(), 0);
        Post post = new Post(
                directory,
                limits,
                () -> slot,
                BoardSlot::inMemory,
                new Post.Manners(role, slot, 1, true, false, pipe, "it has no pipe"));
        post.open();
        return post;
    }

    @Test
    void textThatCannotBeSentAsItIsIsRefused() {
        try (Pipe pipe = outer.pipe(PROCESS)) {
            for (Consumer<String> write : List.<Consumer<String>>of(pipe::write, process::write)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> write.accept("a\ud800"))
                        .withMessageContaining("2 characters that contains half of a surrogate pair");
            }
            pipe.write("\ud83d\ude00");
            assertThat(process.read()).isEqualTo("\ud83d\ude00".getBytes(UTF_8));
        }
    }

    @Test
    void aHolderThatWritesNoMoreIsHeardOnceAndTheNextOneIsRead() {
        try (Pipe pipe = outer.pipe(PROCESS)) {
            pipe.write("question");
            pipe.closeWrite();
            assertThat(process.read()).isEqualTo("question".getBytes(UTF_8));
            assertThatExceptionOfType(PipeClosedException.class)
                    .isThrownBy(() -> process.read(LONG))
                    .withMessageContaining("its holder has called closeWrite()");
            outer.send("message".getBytes(UTF_8), PROCESS);
            assertThat(process.read()).isEqualTo("message".getBytes(UTF_8));
            process.write("answer");
            assertThat(pipe.read()).isEqualTo("answer".getBytes(UTF_8));
        }
        try (Pipe next = outer.pipe(PROCESS)) {
            next.write("more");
            next.closeWrite();
            assertThat(process.read()).isEqualTo("more".getBytes(UTF_8));
            assertThatExceptionOfType(PipeClosedException.class).isThrownBy(process::read);
        }
    }
}
