package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.SmallDisk;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Directories that cannot be made: they would lie below a file, which not even root can do.
@Timeout(60)
class UnusableDirectoryTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"run.dir", "data.dir", "log.dir"})
    void theStartIsRefusedWithTheReason(String key) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path impossible = file.resolve("directory");
        RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).set(key, impossible.toString());
        try (app) {
            assertThat(app.launch().awaitExit()).isEqualTo(73);
            assertThat(app.output())
                    .contains("muster: the directory " + file)
                    .contains("give another one or mend its permissions")
                    .doesNotContain("\tat ");
            assertThat(app.processes()).isEmpty();
        }
    }

    @Test
    void aReadOnlyDiskIsRefusedToo() {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "1m");
                RunningApp app = RunningApp.of(Ticking.class, directory)
                        .packed(Ledger.class)
                        .set("data.dir", disk.place().toString())) {
            disk.change("ro");
            assertThat(app.launch().awaitExit()).isEqualTo(73);
            assertThat(app.output()).contains("muster: the directory " + disk.place() + " cannot be written");
        }
    }
}
