package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Limited;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `resources.ROLE` says holds in the process, for all of its threads, before its code runs.
@Timeout(60)
class ResourceLimitsTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void theyHoldBeforeUserCodeRuns() throws IOException {
        try (RunningApp app = RunningApp.of(Limited.class, directory)
                .packed(Ledger.class)
                .set("resources.user.heap", "40MiB")
                .set("resources.user.openFiles", "333")
                .set("resources.user.cpus", "0")
                .set("resources.user.nice", "15")
                .start()) {
            awaitNote("oom");
            assertThat(Long.parseLong(note("heap"))).isBetween(36 * MIB, 40 * MIB);
            assertThat(note("files")).isEqualTo("333 333 files");
            assertThat(note("cpus")).isEqualTo("[0]");
            assertThat(note("nice")).isEqualTo("[15]");
            int master = Integer.parseInt(Files.readString(Path.of("/proc/" + app.masterPid() + "/oom_score_adj"))
                    .strip());
            assertThat(note("oom")).isEqualTo(Integer.toString(Math.min(1000, master + 300)));
        }
    }

    @Test
    void theOptionsOfTheRoleBeatTheHeap() {
        try (RunningApp _ = RunningApp.of(Limited.class, directory)
                .packed(Ledger.class)
                .set("resources.user.heap", "40MiB")
                .set("jvm.user", "-Xmx24m")
                .start()) {
            awaitNote("oom");
            assertThat(Long.parseLong(note("heap"))).isBetween(20 * MIB, 24 * MIB);
        }
    }

    private void awaitNote(String ledger) {
        Patience.await(ledger).until(() -> !Ledger.texts(directory, ledger).isEmpty());
    }

    private String note(String ledger) {
        return Ledger.texts(directory, ledger).getFirst();
    }
}
