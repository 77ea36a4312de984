package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Unbootable;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An application of which nothing can boot.
@Timeout(60)
class FailingBootTest {
    @TempDir
    Path directory;

    @Test
    void itEndsAfterThreeTriesWithTheStackTrace() {
        try (RunningApp app =
                RunningApp.of(Unbootable.class, directory).packed(Ledger.class).launch()) {
            assertThat(app.awaitExit()).isEqualTo(65);

            assertThat(Ledger.texts(directory, "boots")).containsExactly("boot", "boot", "boot");
            assertThat(app.output())
                    .contains("java.lang.IllegalStateException: no database")
                    .contains("at dev.muster.system.apps.Unbootable$Broken.<init>(Unbootable.java:")
                    .contains("Broken failed to boot 3 times");
        }
    }
}
