package dev.muster.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.DeadReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The account of the generator against the lines that it writes.
@Timeout(60)
class MessageFileTest {
    @TempDir
    private Path directory;

    @Test
    void theExpectationCoversEveryLine() throws IOException {
        Path file = directory.resolve("messages");
        Map<String, Integer> expected = MessageFile.write(file, 10_000, 42);
        assertThat(Files.readAllLines(file)).hasSize(10_000);
        assertThat(expected).containsEntry("accepted", 10_000).containsEntry("killers", 12);
        assertThat(expected.get("done") + expected.get("dead")).isEqualTo(10_000);
        int reasons = Arrays.stream(DeadReason.values())
                .mapToInt(reason -> expected.getOrDefault("dead." + reason, 0))
                .sum();
        assertThat(expected).containsEntry("dead", reasons);
        List<String> written = Files.readAllLines(directory.resolve("messages.expected"));
        assertThat(written).hasSize(expected.size()).contains("accepted=10000", "dead=" + reasons, "deaths=24");
    }

    @Test
    void theLinesMeanWhatTheExpectationSays() throws IOException {
        Path file = directory.resolve("messages");
        Map<String, Integer> expected = MessageFile.write(file, 2_000, 7);
        List<String> lines = Files.readAllLines(file);
        assertThat(with(lines, ".Killer\"")).hasSize(expected.get("killers"));
        assertThat(with(lines, ".Broken\"")).hasSize(expected.get("dead.FAILED") + expected.get("dead.RETRIES_SPENT"));
        assertThat(with(lines, "\"secret\"")).hasSize(expected.get("dead.NOT_A_TASK"));
        assertThat(lines.stream().filter(line -> line.length() > 1024 * 1024)).hasSize(expected.get("dead.TOO_LARGE"));
    }

    @Test
    void theSameSeedGivesTheSameFile() throws IOException {
        MessageFile.write(directory.resolve("a"), 500, 1);
        MessageFile.write(directory.resolve("b"), 500, 1);
        MessageFile.write(directory.resolve("c"), 500, 2);
        assertThat(directory.resolve("b")).hasSameBinaryContentAs(directory.resolve("a"));
        assertThat(Files.mismatch(directory.resolve("a"), directory.resolve("c")))
                .isNotNegative();
    }

    @Test
    void tooFewMessagesAreRefused() {
        assertThatThrownBy(() -> MessageFile.write(directory.resolve("few"), 99, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99")
                .hasMessageContaining("100");
    }

    private static List<String> with(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }
}
