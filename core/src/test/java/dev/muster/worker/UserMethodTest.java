package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.Server;
import dev.muster.board.BoardSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class UserMethodTest {
    @TempDir
    java.nio.file.Path directory;

    private TestSlot place;
    private ProcessContext context;
    private Server server;

    @BeforeEach
    void open() {
        place = TestSlot.open(directory);
        BoardSlot slot = place.slot();
        context = new UserProcessContext(
                Duties.working(0, "T"),
                0,
                slot,
                new StopRequest(),
                new Departure(_ -> {}),
                RunPermit.ALWAYS,
                Duties.post());
        server = new LonelyServer();
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void bothOrdersOneAndNoParameterAreCalledWithTheRightObjects() throws Throwable {
        Shapes shapes = new Shapes();
        for (String method : List.of("both", "swapped", "serverOnly", "contextOnly", "none")) {
            UserMethod.of(shapes, method).run(server, context);
        }
        assertThat(shapes.seen).containsExactly(server, context, "swapped", context, server, server, context, "none");
    }

    @Test
    void theInterfaceIsCalledDirectly() throws Throwable {
        List<Object> seen = new ArrayList<>();
        ProcessHandler handler = (s, c) -> {
            seen.add(s);
            seen.add(c);
        };
        UserMethod.of(handler, "handle").run(server, context);
        assertThat(seen).containsExactly(server, context);
    }

    @Test
    void anOverloadWithOtherParametersIsNotMistakenForTheDeclaredOne() throws Throwable {
        Overloaded overloaded = new Overloaded();
        UserMethod.of(overloaded, "run").run(server, context);
        assertThat(overloaded.runs).isEqualTo(1);
    }

    @Test
    void exceptionsComeThroughAsTheyWereThrown() {
        UserMethod failing = UserMethod.of(new Failing(), "run");
        assertThatThrownBy(() -> failing.run(server, context))
                .isInstanceOf(IOException.class)
                .hasMessage("disk on fire");
    }

    @Test
    void anObjectOfAnotherClassIsRefusedInWords() {
        assertThatThrownBy(() -> UserMethod.of("text", "run"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("'run'")
                .hasMessageContaining("instance factory");
    }

    // Public methods in a class that is not public.
    static class Shapes {
        final List<Object> seen = new ArrayList<>();

        public void both(Server server, ProcessContext context) {
            seen.add(server);
            seen.add(context);
        }

        public void swapped(ProcessContext context, Server server) {
            seen.add("swapped");
            seen.add(context);
            seen.add(server);
        }

        public Object serverOnly(Server server) {
            seen.add(server);
            return server;
        }

        public int contextOnly(ProcessContext context) {
            seen.add(context);
            return 1;
        }

        public void none() {
            seen.add("none");
        }
    }

    static class Overloaded {
        int runs;

        public void run(String other) {
            throw new AssertionError(other);
        }

        public void run(ProcessContext context) {
            runs++;
        }
    }

    static class Failing {
        public void run() throws IOException {
            throw new IOException("disk on fire");
        }
    }
}
