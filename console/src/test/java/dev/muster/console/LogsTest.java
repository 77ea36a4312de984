package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class LogsTest {
    private static final LogFilter ALL = new LogFilter("");

    @TempDir
    Path directory;

    @Test
    void theLastEntriesOfAllFilesInTheOrderOfTheirTimes() throws IOException {
        write("App.log.2", line(1, "Ticker[1]", "oldest"));
        write("App.log.1", line(2, "Ticker[1]", "older"), line(4, "Ticker[1]", "failed"), "\tat a.B.c(B.java:1)\n");
        write("App.log", line(6, "master[9]", "newest"));
        write("pool.log", line(3, "pool#1[2]", "in between"), line(5, "pool#2[3]", "late"));

        assertThat(LogFiles.last(directory, ALL, 0, Map.of()))
                .map(text -> text.substring(text.lastIndexOf("- ") + 2))
                .containsExactly("oldest", "older", "in between", "failed\n\tat a.B.c(B.java:1)", "late", "newest");
        assertThat(LogFiles.last(directory, ALL, 2, Map.of()))
                .hasSize(2)
                .last()
                .asString()
                .endsWith("newest");
    }

    @Test
    void oneSlotByItsNameOrOneInstance() throws IOException {
        write("App.log", line(1, "pool#1[2]", "first"), "more of it\n", line(2, "pool#2[3]", "second"), "and more\n");

        assertThat(LogFiles.last(directory, new LogFilter("pool"), 0, Map.of())).hasSize(2);
        assertThat(LogFiles.last(directory, new LogFilter("pool#2"), 0, Map.of()))
                .containsExactly((line(2, "pool#2[3]", "second") + "and more").strip());
        assertThat(LogFiles.last(directory, new LogFilter("poo"), 0, Map.of())).isEmpty();
    }

    @Test
    void followingReadsWholeLinesOverARotation() throws IOException {
        Path file = write("App.log", line(1, "Ticker[1]", "before"));
        List<String> seen = new ArrayList<>();
        try (LogTail tail = LogTail.atEnd(file, ALL)) {
            String cut = line(3, "Ticker[1]", "in two parts");
            append(file, line(2, "Ticker[1]", "one"), cut.substring(0, 40));
            tail.fresh(seen::add);
            append(file, cut.substring(40), line(3, "Ticker[1]", "last before the rotation"));
            Files.move(file, directory.resolve("App.log.1"));
            write("App.log", line(4, "Ticker[1]", "first after it"));
            tail.fresh(seen::add);
            tail.fresh(seen::add);
        }

        assertThat(seen)
                .map(text -> text.substring(text.lastIndexOf("- ") + 2))
                .containsExactly("one", "in two parts", "last before the rotation", "first after it");
    }

    @Test
    void aFileThatIsMissingForAMomentIsReadWhenItIsThere() throws IOException {
        Path file = write("App.log", line(1, "Ticker[1]", "old"));
        List<String> seen = new ArrayList<>();
        try (LogTail tail = LogTail.atEnd(file, ALL)) {
            Files.delete(file);
            tail.fresh(seen::add);
            write("App.log", line(2, "Ticker[1]", "new"));
            tail.fresh(seen::add);
        }

        assertThat(seen).singleElement().asString().endsWith("new");
    }

    private Path write(String name, String... text) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("", text));
    }

    private static void append(Path file, String... text) throws IOException {
        Files.writeString(file, String.join("", text), StandardOpenOption.APPEND);
    }

    private static String line(int second, String name, String message) {
        return "2026-11-23T12:00:0" + second + ".123Z INFO " + name + " a.B - " + message + "\n";
    }
}
