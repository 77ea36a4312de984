package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Fd;
import dev.muster.os.Identity;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Whom a new master takes for a child of a dead one.
@Timeout(60)
// It looks at every process of the machine.
@Isolated
class LeftoversTest {
    private static final String BOOT = "0123abcd";

    @TempDir
    Path directory;

    private Household household;
    private Path children;
    private Identity stranger;

    @BeforeEach
    void spawn() {
        household = Household.of(directory);
        children = directory.resolve("children");
        int output = Fd.duplicate(1, 3);
        int pid = Spawner.spawn(new SpawnRequest(
                Path.of("/bin/sleep"), List.of("sleep", "60"), Map.of(), directory, output, output, false));
        Fd.close(output);
        stranger = Identity.of(pid).orElseThrow();
    }

    @AfterEach
    void kill() {
        boolean _ = Signals.send(stranger.pid(), Signals.KILL);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Wait.tryReap((int) stranger.pid()).isPresent());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(children)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aChildOfThisBootIsKilled() throws IOException {
        new Leftovers(children, household, BOOT).born(stranger);
        assertThat(names()).containsExactly(stranger.pid() + "." + stranger.startTime(), "boot");
        assertThat(new Leftovers(children, household, BOOT).end()).containsExactly(stranger);
        assertThat(stranger.alive()).isFalse();
        assertThat(names()).containsExactly("boot");
    }

    @Test
    void afterARebootTheSamePidAndStartTimeAreSomebodyElse() throws IOException {
        new Leftovers(children, household, "fedc9876").born(stranger);
        Leftovers after = new Leftovers(children, household, BOOT);
        assertThat(after.end()).isEmpty();
        assertThat(stranger.alive()).isTrue();
        assertThat(names()).containsExactly("boot");
        after.born(stranger);
        assertThat(new Leftovers(children, household, BOOT).end()).containsExactly(stranger);
    }
}
