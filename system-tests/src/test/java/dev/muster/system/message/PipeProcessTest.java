package dev.muster.system.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Piping;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pipes of real user processes: one that dies, and one whose standard streams are the pipe.
@Timeout(120)
class PipeProcessTest {
    @TempDir
    private Path directory;

    @Test
    void aPipeEndsWithItsProcessAndStandardStreamsNeverBlock() throws IOException {
        try (RunningApp app =
                RunningApp.of(Piping.class, directory).packed(Ledger.class).start()) {
            long echo = app.pid("Echo");
            tell("turn0");
            Patience.await("the first answer").until(() -> said().size() == 1);
            assertThat(said()).containsExactly("echo one of " + echo);
            app.signal("KILL", echo);
            tell("killed");
            Patience.await("the end").until(() -> said().size() == 2);
            assertThat(said().getLast()).isEqualTo("closed");
            long heir = app.awaitReplaced("Echo", echo).get("pid").asLong();
            tell("replaced");
            Patience.await("the second answer").until(() -> said().size() == 3);
            assertThat(said().getLast()).isEqualTo("echo two of " + heir);

            // 20 MiB that nobody reads went to the log, which keeps what it keeps.
            Patience.await("all printed").until(() -> loud().equals(List.of("to nobody")));
            assertThat(Files.size(app.logDir().resolve("Piping.log"))).isPositive();

            tell("turn1");
            Patience.await("the streams").until(() -> said().size() == 4);
            assertThat(said().getLast()).endsWith("heard a line");

            // 200 MiB for a holder that does not read: it loses what does not fit, and printing does not wait.
            tell("turn2");
            Patience.await("all printed once more")
                    .until(() -> loud().equals(List.of("to nobody", "to one who does not read")));
            tell("shouted");
            Patience.await("what was left").until(() -> said().size() == 5);
            assertThat(said().getLast()).startsWith("read ");
            assertThat(Long.parseLong(said().getLast().substring("read ".length())))
                    .isBetween(1L << 20, 100L << 20);
            app.awaitOutput("bytes of output were dropped: the holder of the pipe does not read");
            assertThat(app.deaths("Loud")).isEmpty();
        }
    }

    private List<String> loud() {
        return Ledger.texts(directory, "loud");
    }

    private List<String> said() {
        return Ledger.texts(directory, "said");
    }

    private void tell(String what) throws IOException {
        Path _ = Files.createFile(directory.resolve(what));
    }
}
