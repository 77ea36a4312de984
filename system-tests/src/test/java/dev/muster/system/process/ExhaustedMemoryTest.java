package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Hoarding;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process without memory ends, rather than going on crippled.
@Timeout(60)
class ExhaustedMemoryTest {
    @TempDir
    Path directory;

    @Test
    void itDiesAsOutOfMemoryAndIsReplaced() {
        try (RunningApp app = RunningApp.of(Hoarding.class, directory)
                .packed(Ledger.class)
                .set("jvm.user", "-Xmx32m")
                .start()) {
            assertOutOfMemory(app, "Heap");
            assertOutOfMemory(app, "Direct");
        }
    }

    private static void assertOutOfMemory(RunningApp app, String name) {
        var death = app.awaitDeath(name);
        assertThat(death.get("reason").asString()).as(name).isEqualTo("OOM");
        assertThat(death.get("code").asInt()).as(name).isEqualTo(3);
        app.awaitReplaced(name, death.get("pid").asLong());
    }
}
