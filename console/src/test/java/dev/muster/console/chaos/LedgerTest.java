package dev.muster.console.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path directory;

    @Test
    void attemptsAreToldApartAndALineThatIsNotWholeIsReadLater() throws IOException {
        Path file = directory.resolve("ledger");
        Ledger ledger = new Ledger(file);
        assertThat(ledger.attempts("note-1")).isEmpty();

        Files.writeString(file, "100 7 begin note-1 a\n200 8 begin note-1 b\n300 8 end no");
        assertThat(ledger.attempts("note-1"))
                .containsExactly(new Ledger.Attempt(100, 7, "a"), new Ledger.Attempt(200, 8, "b"));
        assertThat(ledger.done("note-1")).isFalse();

        Files.writeString(file, "te-1 b\n", StandardOpenOption.APPEND);
        assertThat(ledger.done("note-1")).isTrue();
        assertThat(ledger.ended(new Ledger.Attempt(100, 7, "a"))).isZero();
        assertThat(ledger.ended(new Ledger.Attempt(200, 8, "b"))).isEqualTo(300);
    }
}
