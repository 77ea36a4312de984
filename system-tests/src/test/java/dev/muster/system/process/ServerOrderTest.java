package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ordering;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Orders that user code gives: the end of one slot, and of the application.
@Timeout(60)
class ServerOrderTest {
    @TempDir
    Path directory;

    @Test
    void aSlotStopsAndStaysEmptyAndTheApplicationEnds() throws IOException {
        try (RunningApp app =
                RunningApp.of(Ordering.class, directory).packed(Ledger.class).start()) {
            long sleeper = app.pid("Sleeper");
            Patience.await("the sleep")
                    .until(() -> Ledger.texts(directory, "sleeper").contains("begin"));

            tell("stop-sleeper");

            assertThat(app.awaitState("Sleeper", "STOPPED").get("pid").asLong()).isZero();
            var death = app.awaitDeath("Sleeper");
            assertThat(death.get("reason").asString()).isEqualTo("REQUESTED");
            assertThat(death.get("code").asInt()).isZero();
            assertThat(death.get("pid").asLong()).isEqualTo(sleeper);
            assertThat(Ledger.texts(directory, "sleeper")).containsExactly("begin", "end false");
            assertThat(Ledger.texts(directory, "ordered")).containsExactly("stop " + sleeper);
            assertThat(Ledger.texts(directory, "refused")).first().asString().contains("99");

            tell("shutdown");

            assertThat(app.awaitExit()).isZero();
        }
    }

    private void tell(String what) throws IOException {
        Path _ = Files.createFile(directory.resolve(what));
    }
}
