package dev.muster.system.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.NotifySocket;
import dev.muster.system.Patience;
import dev.muster.system.apps.Deaf;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a service manager hears of a real master over its life.
@Timeout(120)
@Tag("long")
class ServiceManagerTest {
    @TempDir
    Path directory;

    private final List<String> heard = new ArrayList<>();
    private NotifySocket manager;
    private String address;

    @BeforeEach
    void listen() throws Throwable {
        address = directory.resolve("notify").toString();
        manager = new NotifySocket(address);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private List<String> hear() {
        try {
            List<String> now = manager.received();
            heard.addAll(now);
            return now;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private void awaitMessage(String beginning) {
        Patience.await(beginning + " among " + heard).until(() -> {
            hear();
            return position(beginning) >= 0;
        });
    }

    private int position(String beginning) {
        for (int i = 0; i < heard.size(); i++) {
            if (heard.get(i).startsWith(beginning)) {
                return i;
            }
        }
        return -1;
    }

    private RunningApp app(Class<?> main) {
        return RunningApp.of(main, directory).packed(Ledger.class).environment("NOTIFY_SOCKET", address);
    }

    @Test
    void hearsStartSignsOfLifeAndStopInThisOrder() throws IOException {
        // The shell becomes the master: its process id is the one that the watchdog is meant for.
        try (RunningApp app = app(Ticking.class)
                .environment("WATCHDOG_USEC", "1000000")
                .prefix("sh", "-c", "WATCHDOG_PID=$$; export WATCHDOG_PID; exec \"$0\" \"$@\"")
                .start()) {
            awaitMessage("READY=1\nMAINPID=" + app.masterPid() + "\nSTATUS=OK, generation 1");
            int ready = position("READY=1");
            assertThat(heard.subList(0, ready))
                    .anyMatch(message -> message.startsWith("STATUS=OK, generation 1; starting"));
            assertNoChildKnowsTheManager(app);
            heard.clear();
            awaitMessage("WATCHDOG=1");
            assertThat(position("STOPPING=1")).isEqualTo(-1);

            assertThat(app.stop()).isZero();

            hear();
            assertThat(heard)
                    .filteredOn(message -> message.startsWith("STOPPING=1"))
                    .hasSize(1);
            assertThat(heard).noneMatch(message -> message.startsWith("READY=1"));
        }
    }

    private static void assertNoChildKnowsTheManager(RunningApp app) throws IOException {
        for (String name : List.of("Ticker", "Neighbour")) {
            String environment =
                    Files.readString(Path.of("/proc/" + app.pid(name) + "/environ"), StandardCharsets.ISO_8859_1);
            assertThat(environment)
                    .contains("PATH=")
                    .doesNotContain("NOTIFY_SOCKET")
                    .doesNotContain("WATCHDOG_");
        }
    }

    @Test
    void aMasterThatStandsStillGivesNoSignOfLife() {
        try (RunningApp app =
                app(Ticking.class).environment("WATCHDOG_USEC", "600000").start()) {
            awaitMessage("WATCHDOG=1");
            app.signal("STOP", app.masterPid());
            try {
                hear();
                Awaitility.await("silence")
                        .during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> hear().isEmpty());
            } finally {
                app.signal("CONT", app.masterPid());
            }
            heard.clear();
            awaitMessage("WATCHDOG=1");
        }
    }

    @Test
    void aLongStopAsksForMoreTime() {
        try (RunningApp app = app(Deaf.class).start()) {
            Patience.await("the run")
                    .until(() -> Ledger.texts(directory, "deaf").contains("run"));
            awaitMessage("READY=1");
            heard.clear();

            app.signal("TERM", app.masterPid());

            awaitMessage("STOPPING=1\nSTATUS=STOPPING");
            awaitMessage("EXTEND_TIMEOUT_USEC=10000000");
            assertThat(position("STOPPING=1")).isLessThan(position("EXTEND_TIMEOUT_USEC"));
            app.command("stop", Map.of("now", "true"));
            assertThat(app.awaitExit()).isZero();
        }
    }
}
