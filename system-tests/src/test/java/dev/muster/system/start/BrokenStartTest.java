package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Crowded;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A start that ends in the middle of its steps by something that nobody has foreseen.
@Timeout(60)
class BrokenStartTest {
    @TempDir
    Path directory;

    @Test
    void whatWasMadeBeforeTheDefectIsUndone() {
        // A path that no text of this locale can hold: it shows when the board is there already.
        RunningApp app = RunningApp.of(Crowded.class, directory)
                .packed()
                .environment("LC_ALL", "C")
                .prefix(
                        "sh",
                        "-c",
                        "java=$1; shift; exec \"$java\" \"-Dmuster.trace=$(printf '\\303\\274')\" \"$@\"",
                        "sh");
        try (app) {
            assertThat(app.launch().awaitExit()).as(app::output).isEqualTo(70);
            assertThat(app.output()).contains("muster: internal error: java.nio.file.InvalidPathException");
        }
    }
}
