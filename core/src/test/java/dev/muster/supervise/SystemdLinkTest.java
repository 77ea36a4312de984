package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.os.NotifySocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the service manager hears, on a real socket.
@Timeout(60)
class SystemdLinkTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Health STARTING = new Health(Status.OK, "starting", false, false, 1);
    private static final Health UP = new Health(Status.OK, "", true, true, 1);
    private static final Health RELOADING = new Health(Status.RELOADING, "generation 2 boots", true, true, 1);
    private static final Health STOPPING = new Health(Status.STOPPING, "a stop was ordered", true, false, 1);

    @TempDir
    Path dir;

    private final long pid = ProcessHandle.current().pid();
    private final List<String> warnings = new ArrayList<>();
    private long now = System.nanoTime();
    private NotifySocket manager;
    private String address;

    @BeforeEach
    void listen() throws Throwable {
        address = dir.resolve("notify").toString();
        manager = new NotifySocket(address);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private SystemdLink link(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("NOTIFY_SOCKET", address);
        return Objects.requireNonNull(SystemdLink.of(environment, pid, warnings::add));
    }

    private static SupervisorState state() {
        Limits limits = Limits.of(
                Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));
        ChildSpec spec = ChildSpec.of(0, Role.USER, "job", RestartPolicy.ALWAYS);
        return SupervisorState.of(limits, List.of(spec), 2, 7, System.nanoTime());
    }

    private List<String> turn(SystemdLink link, Health health, boolean settled) throws Throwable {
        now += 3 * SECOND;
        link.turn(now, state(), health, settled);
        return manager.received();
    }

    @Test
    void isSilentWithoutASocket() {
        assertThat(SystemdLink.of(Map.of("WATCHDOG_USEC", "1000000"), pid, warnings::add))
                .isNull();
        assertThat(warnings).isEmpty();
    }

    @Test
    void goesOnWithoutTheManagerIfTheAddressIsOfAnUnknownKind() {
        assertThat(SystemdLink.of(Map.of("NOTIFY_SOCKET", "vsock:2:7"), pid, warnings::add))
                .isNull();
        assertThat(warnings).singleElement().asString().contains("vsock:2:7");
    }

    @Test
    void tellsStartReloadAndStopOnceEach() throws Throwable {
        try (SystemdLink link = link(Map.of())) {
            assertThat(turn(link, STARTING, false))
                    .containsExactly("STATUS=OK, generation 1; starting", "EXTEND_TIMEOUT_USEC=10000000");
            assertThat(turn(link, STARTING, false)).containsExactly("EXTEND_TIMEOUT_USEC=10000000");
            assertThat(turn(link, UP, true)).containsExactly("READY=1\nMAINPID=" + pid + "\nSTATUS=OK, generation 1");
            assertThat(turn(link, UP, true)).isEmpty();
            assertThat(turn(link, RELOADING, true))
                    .containsExactly("RELOADING=1\nMONOTONIC_USEC=" + now / 1_000
                            + "\nSTATUS=RELOADING, generation 1; generation 2 boots");
            assertThat(turn(link, RELOADING, true)).isEmpty();
            assertThat(turn(link, UP, true)).singleElement().asString().startsWith("READY=1\n");
            assertThat(turn(link, STOPPING, true))
                    .first()
                    .isEqualTo("STOPPING=1\nSTATUS=STOPPING, generation 1; a stop was ordered");
            assertThat(turn(link, STOPPING, true)).noneMatch(message -> message.contains("STOPPING=1"));
        }
    }

    @Test
    void saysAgainWhatAFullQueueHasRefused() throws Throwable {
        try (SystemdLink link = link(Map.of("WATCHDOG_USEC", "2"))) {
            // Signs of life until the queue of the socket is full.
            for (int i = 0; i < 1_500; i++) {
                now += SECOND;
                link.turn(now, state(), STARTING, false);
            }
            link.turn(now, state(), UP, true);
            assertThat(manager.received())
                    .contains("WATCHDOG=1")
                    .hasSizeLessThan(1_500)
                    .noneMatch(message -> message.startsWith("READY=1"));

            assertThat(turn(link, UP, true)).first().asString().startsWith("READY=1\n");
        }
    }

    @Test
    void theWatchdogIsForTheProcessThatTheManagerHasStarted() throws Throwable {
        try (SystemdLink link = link(Map.of("WATCHDOG_USEC", "20000000", "WATCHDOG_PID", Long.toString(pid + 1)))) {
            assertThat(turn(link, UP, true)).noneMatch(message -> message.contains("WATCHDOG"));
        }
        try (SystemdLink link = link(Map.of("WATCHDOG_USEC", "20000000", "WATCHDOG_PID", Long.toString(pid)))) {
            assertThat(turn(link, UP, true)).contains("WATCHDOG=1");
            assertThat(turn(link, UP, true)).as("3 s later").doesNotContain("WATCHDOG=1");
            now += 4 * SECOND;
            assertThat(turn(link, UP, true)).as("10 s later").contains("WATCHDOG=1");
        }
    }

    @Test
    void aLoopThatHangsIsSilent() throws Throwable {
        SupervisorState beginning = state();
        MasterLoop loop = new MasterLoop(beginning, null);
        SystemdLink link = link(Map.of("WATCHDOG_USEC", "200000"));
        loop.afterTurn(state -> link.turn(System.nanoTime(), state, UP, true));
        Thread thread = Thread.ofPlatform().daemon().start(() -> loop.run(new NoHands()));
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try {
            awaitWatchdog();

            loop.execute(() -> {
                held.countDown();
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            held.await();
            List<String> _ = manager.received();
            await("silence for three times the manager's patience")
                    .during(Duration.ofMillis(600))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> received().isEmpty());

            hold.countDown();
            awaitWatchdog();
        } finally {
            hold.countDown();
            loop.post(new Event.StopAll(System.nanoTime(), true));
            thread.join();
            link.close();
        }
    }

    private void awaitWatchdog() {
        await().atMost(Duration.ofSeconds(20)).until(() -> received().contains("WATCHDOG=1"));
    }

    private List<String> received() {
        try {
            return manager.received();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static final class NoHands implements MasterLoop.Hands {
        @Override
        public void perform(Effect effect) {}

        @Override
        public List<Event> look(SupervisorState state) {
            return List.of();
        }

        @Override
        public void failed(Object what, Throwable why) {
            throw new AssertionError("at " + what, why);
        }
    }
}
