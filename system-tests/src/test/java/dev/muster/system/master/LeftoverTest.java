package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Identity;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an earlier master left behind: a process is killed only if it is the same one, and a lock file with somebody's
/// pid in it holds nobody up.
@Timeout(60)
class LeftoverTest {
    @TempDir
    Path directory;

    private Process leftover;
    private Process stranger;

    @BeforeEach
    void startSleepers() throws IOException {
        leftover = new ProcessBuilder("sleep", "300").start();
        stranger = new ProcessBuilder("sleep", "300").start();
    }

    @AfterEach
    void endSleepers() {
        leftover.destroyForcibly();
        stranger.destroyForcibly();
    }

    @Test
    void leftoversAreKilledByIdentityNeverByPid() throws Exception {
        RunningApp app = RunningApp.of(Ticking.class, directory).packed(Ledger.class);
        Path children = Files.createDirectories(app.runDir().resolve("children"));
        Identity former = Identity.of(leftover.pid()).orElseThrow();
        Identity other = Identity.of(stranger.pid()).orElseThrow();
        Path _ = Files.createFile(children.resolve(former.pid() + "." + former.startTime()));
        Path _ = Files.createFile(children.resolve(other.pid() + "." + (other.startTime() - 1)));
        Path _ = Files.writeString(app.runDir().resolve("lock"), stranger.pid() + "\n");

        try (app) {
            app.start();

            assertThat(leftover.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(leftover.exitValue()).isEqualTo(128 + 9);
            assertThat(stranger.isAlive()).isTrue();
            assertThat(app.output())
                    .contains("killed process " + former.pid() + ", left over from an earlier master")
                    .doesNotContain("killed process " + other.pid());
        }
        assertThat(stranger.isAlive()).isTrue();
    }
}
