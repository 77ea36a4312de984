package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {
    /// The first cell of a row of the tables.
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|");

    @Test
    void thePageForPeopleListsEachCodeAndNoOther() throws IOException {
        String page = Files.readString(Path.of("../docs/operate/exit-codes.md"));

        assertThat(ROW.matcher(page)
                        .results()
                        .map((MatchResult row) -> Integer.valueOf(row.group(1)))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ExitCode.values()).map(ExitCode::number).toList());
    }
}
