package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class KeysTest {
    @Test
    void everyDefaultIsLegalForItsOwnKey() {
        for (Key key : Keys.all()) {
            if (!key.defaultText().isEmpty()) {
                assertThat(key.type().canonical(key.defaultText()))
                        .as(key.pattern())
                        .contains(key.defaultText());
            }
        }
    }

    @Test
    void everyPatternStandsOnceAndIsFoundAgain() {
        Set<String> patterns = new HashSet<>();
        for (Key key : Keys.all()) {
            assertThat(patterns.add(key.pattern())).as(key.pattern()).isTrue();
            String written = key.pattern().replace("NAME", "my.job-1").replace("ROLE", "user");
            assertThat(Keys.find(written)).as(written).contains(key);
        }
    }

    @Test
    void anotherSpellingMeansAKeyOfTheTable() {
        for (Key key : Keys.all()) {
            assertThat(Keys.of(key.meaning()).meaning()).as(key.pattern()).isEqualTo(key.meaning());
        }
    }

    @Test
    void theDocumentHasExactlyTheRowsOfTheTable() throws IOException {
        List<String> rows = Keys.all().stream().map(KeysTest::row).toList();
        List<String> documented = Files.readAllLines(document()).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertThat(documented).isEqualTo(rows);
    }

    /// The keys of a section, as an error lists them.
    static String section(String name) {
        return Keys.all().stream()
                .filter(key -> key.prefix().equals(name + "."))
                .map(Key::pattern)
                .collect(Collectors.joining(", "));
    }

    private static String row(Key key) {
        String value = key.defaultText().isEmpty() ? key.defaultNote() : "`" + key.defaultText() + "`";
        return "| `" + key.pattern() + "` | " + key.type().legal() + " | " + value + " | " + key.doc() + " |";
    }

    private static Path document() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            Path document = directory.resolve("docs/configuration.md");
            if (Files.exists(document)) {
                return document;
            }
            directory = directory.getParent();
        }
        throw new AssertionError("no docs/configuration.md above " + Path.of("").toAbsolutePath());
    }
}
