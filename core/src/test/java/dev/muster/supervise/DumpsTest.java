package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DumpsTest {
    @TempDir
    private Path directory;

    private Path old(String name, int second, int bytes) throws IOException {
        Path file = Files.write(directory.resolve(name), new byte[bytes]);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * second));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void onlyTheNewestAreKeptAndForeignFilesAreLeftAlone() throws IOException {
        for (int i = 10; i < 70; i++) {
            Path _ = old("Old-" + i + "-20260101T000000000Z.txt", i, 3);
        }
        Path _ = old("Old-69-20260101T000000000Z.json", 69, 3);
        Path _ = old("notes", 1, 3);
        Dumps dumps = new Dumps(directory, 50, 64 << 20);
        Path newest = dumps.create("../odd name", 3);
        dumps.prune(newest);
        assertThat(left())
                .hasSize(52)
                .contains("notes", "Old-69-20260101T000000000Z.json", "Old-21-20260101T000000000Z.txt")
                .doesNotContain("Old-20-20260101T000000000Z.txt");
        assertThat(newest.getFileName().toString()).startsWith("-.-odd-name-3-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(newest)))
                .isEqualTo("rw-------");
    }

    @Test
    void whoDiesOftenLosesItsOwnAndNotWhatIsKnownOfOthers() throws IOException {
        Path _ = old("Hung-1-20260101T000000000Z.txt", 1, 3);
        Path _ = old("hs_err_812.log", 2, 3);
        for (int i = 10; i < 30; i++) {
            Path _ = old("Crasher#2-" + i + "-20260101T000000000Z.txt", i, 3);
        }
        new Dumps(directory, 5, 64 << 20).prune(null);
        assertThat(left())
                .containsExactly(
                        "Crasher#2-27-20260101T000000000Z.txt",
                        "Crasher#2-28-20260101T000000000Z.txt",
                        "Crasher#2-29-20260101T000000000Z.txt",
                        "Hung-1-20260101T000000000Z.txt",
                        "hs_err_812.log");
    }

    @Test
    void theSumIsBoundedAndTheNewestStays() throws IOException {
        for (int i = 0; i < 5; i++) {
            Path _ = old("Old-" + i + "-20260101T000000000Z.txt", i, 300_000);
        }
        Path heap = old("java_pid9.hprof", 9, 900_000);
        new Dumps(directory, 50, 1 << 20).prune(heap);
        assertThat(left()).containsExactly("java_pid9.hprof");
        new Dumps(directory, 50, 1 << 10).prune(heap);
        assertThat(left()).containsExactly("java_pid9.hprof");
    }

    @Test
    void aSingleFileIsBounded() throws IOException {
        Dumps dumps = new Dumps(directory, 50, 4000);
        Path file = dumps.create("Ticker", 1);
        dumps.append(file, "a".repeat(900));
        dumps.append(file, "b".repeat(900));
        dumps.append(file, "c".repeat(900));
        assertThat(Files.readString(file)).isEqualTo("a".repeat(900) + "b".repeat(100) + "\n(cut)\n");
        Path json = Files.write(Dumps.beside(file), new byte[5000]);
        assertThat(dumps.adopt(json)).isTrue();
        assertThat(json).hasSize(1000);
        assertThat(dumps.adopt(json)).isFalse();
    }

    @Test
    void twoFilesOfTheSameInstantHaveTheirOwnNames() {
        Dumps dumps = new Dumps(directory, 50, 4000);
        for (int i = 0; i < 20; i++) {
            assertThat(dumps.create("Ticker", 1)).isNotNull();
        }
        assertThat(directory.toFile().list()).hasSize(20);
    }

    @Test
    void theReportOfACrashIsSaidInALine() {
        assertThat(CrashReport.summaryOf("""
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGSEGV (0xb) at pc=0x00007f01, pid=812, tid=813
            #
            # JRE version: OpenJDK Runtime Environment (25.0.3)
            # Problematic frame:
            # V  [libjvm.so+0x1234]  Unsafe_PutInt+0x12
            #

            ---------------  S U M M A R Y ------------
            # Problematic frame:
            # not this
            """))
                .isEqualTo(
                        "SIGSEGV (0xb) at pc=0x00007f01, problematic frame: V [libjvm.so+0x1234] Unsafe_PutInt+0x12");
        assertThat(CrashReport.summaryOf("#\n# cut")).isEmpty();
        assertThat(CrashReport.summary(directory.resolve("none"))).isEmpty();
    }
}
