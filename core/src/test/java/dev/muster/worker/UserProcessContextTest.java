package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.control.Message;
import dev.muster.os.Affinity;
import dev.muster.os.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class UserProcessContextTest {
    @TempDir
    Path directory;

    private final StopRequest stop = new StopRequest();
    private final List<Object> happened = new CopyOnWriteArrayList<>();
    private final Departure departure = new Departure(happened::add);
    private TestSlot place;
    private UserProcessContext context;

    @BeforeEach
    void open() {
        departure.mouth(happened::add);
        place = TestSlot.open(directory);
        context = new UserProcessContext(
                Duties.working(3, "Ticker#1"),
                1_000_000_000L,
                place.slot(),
                stop,
                departure,
                RunPermit.ALWAYS,
                Duties.post());
    }

    @AfterEach
    void close() {
        place.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP", "QUIT", "SEGV", "USR2", "SIGUSR2", "CHLD", "NOSUCH", ""})
    void aSignalThatIsKeptByTheMachineIsRefused(String signal) {
        assertThatThrownBy(() -> context.onSignal(signal, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use TERM, INT, HUP");
    }

    @Test
    void theActionRunsEachTimeAndALaterOneTakesItsPlace() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        context.onSignal("sigurg", () -> {
            first.incrementAndGet();
            throw new IllegalStateException("is logged");
        });
        send("URG");
        await().atMost(Duration.ofSeconds(5)).until(() -> first.get() == 1);
        context.onSignal("URG", second::incrementAndGet);
        send("URG");
        await().atMost(Duration.ofSeconds(5)).until(() -> second.get() == 1);
        assertThat(first).hasValue(1);
        assertThat(context.stopping()).isFalse();
    }

    @Test
    void anExitCodeThatNoProcessHasIsRefused() {
        assertThatThrownBy(() -> context.exit(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> context.exit(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(happened).isEmpty();
        context.exit(0);
        assertThat(happened).containsExactly(new Message.Bye(ExitReason.CLEAN, "ProcessContext.exit(0)", false), 0);
    }

    @Test
    void aProcessorThatTheMachineDoesNotHaveIsRefused() {
        int absent = Affinity.online();
        assertThatThrownBy(() -> context.affinity(0, absent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("processor " + absent);
        assertThatThrownBy(context::affinity).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> context.priority(20)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeartbeatOutsideOfARunDoesNothing() {
        context.heartbeat();
        assertThat(place.seen().earliestDeadline()).isZero();
    }

    @Test
    void itIsWhoItIs() {
        assertThat(context.id()).isEqualTo(3);
        assertThat(context.name()).isEqualTo("Ticker#1");
        assertThat(context.pid()).isEqualTo(ProcessHandle.current().pid());
    }

    private static void send(String signal) {
        assertThat(Signals.send(ProcessHandle.current().pid(), Signals.number(signal)))
                .isTrue();
    }
}
