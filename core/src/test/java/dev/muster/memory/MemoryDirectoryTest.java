package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.os.Identity;
import dev.muster.os.RunLock;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("degraded")
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class MemoryDirectoryTest {
    private static final Table TABLE = Table.named("t", 16, Column.int64("n"));

    @TempDir
    Path dir;

    @Test
    void aStartRemovesWhatDeadMastersHaveLeftAndNothingElse() throws Exception {
        Path board = dir.resolve("muster-0-12.board");
        Path dead = Files.createDirectory(dir.resolve("muster-0-12.memory.4194303.17"));
        Path _ = Files.createFile(dead.resolve("table.t"));
        Path foreign = Files.createDirectory(dir.resolve("muster-0-12.memory.x"));
        Path other = Files.createDirectory(dir.resolve("muster-0-13.memory.4194303.17"));
        Process living = new ProcessBuilder("sleep", "60").start();
        try {
            Identity sleeper = Identity.of(living.pid()).orElseThrow();
            Path usurped = Files.createDirectory(
                    dir.resolve("muster-0-12.memory." + sleeper.pid() + "." + sleeper.startTime()));
            Path reused = Files.createDirectory(
                    dir.resolve("muster-0-12.memory." + sleeper.pid() + "." + (sleeper.startTime() + 1)));
            MemoryDirectory directory = MemoryDirectory.create(board, Identity.self());
            assertThat(dead).doesNotExist();
            assertThat(reused)
                    .as("of a master whose pid is somebody else's now")
                    .doesNotExist();
            assertThat(usurped).exists();
            assertThat(foreign).exists();
            assertThat(other).exists();
            assertThat(directory.path()).hasParent(dir);
            assertThat(Files.getPosixFilePermissions(directory.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            directory.delete();
            assertThat(directory.path()).doesNotExist();
        } finally {
            living.destroyForcibly();
            living.waitFor();
        }
    }

    @Test
    void whatIsNotInAnApplicationSaysSo() {
        assertThatThrownBy(() -> TABLE.get("a"))
                .isInstanceOf(MemoryException.class)
                .hasMessageStartingWith("cannot use the table t: no application of Muster runs in this process");
    }

    @Test
    void aHandleFindsTheNextApplication() {
        try (Application _ = Application.start()) {
            TABLE.set("a", Map.of("n", 1));
        }
        assertThatThrownBy(() -> TABLE.get("a")).isInstanceOf(MemoryException.class);
        try (Application application = Application.start()) {
            assertThat(TABLE.get("a")).isNull();
            assertThatThrownBy(() -> SharedMemory.use(application.directory)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aFileThatSomebodyRemovedIsLinkedAgain() throws Exception {
        try (Application application = Application.start()) {
            TABLE.set("a", Map.of("n", 1));
            Path file = application.directory.path().resolve("table.t");
            Files.delete(file);
            assertThat(TABLE.int64("a", "n")).isEqualTo(1);
            Table again = Table.named("t", 16, Column.int64("n"));
            assertThat(again.int64("a", "n")).isEqualTo(1);
            assertThat(file).exists();
        }
    }

    @Test
    void aFileThatIsGoneUnderBothNamesIsMissedAndNotMadeAgain() throws Exception {
        try (Application application = Application.start()) {
            TABLE.set("a", Map.of("n", 1));
            Files.delete(application.directory.path().resolve("table.t"));
            Files.delete(application.directory.path().resolve(".table.t"));
            assertThatThrownBy(() -> Table.named("t", 16, Column.int64("n")).get("a"))
                    .isInstanceOf(MemoryException.class)
                    .hasMessageStartingWith("the table t is lost: somebody has removed its file");
            assertThat(TABLE.int64("a", "n")).isEqualTo(1);
        }
    }

    @Test
    void aDirectoryThatSomebodyRemovedIsMissed() throws Exception {
        try (Application application = Application.start()) {
            application.directory.delete();
            assertThatThrownBy(() -> TABLE.get("a"))
                    .isInstanceOf(MemoryException.class)
                    .hasMessageContaining("cannot create the table t");
        }
    }

    @Test
    void aTruncatedFileIsAnErrorAndNotTheEndOfTheProcess() throws Exception {
        try (Application application = Application.start()) {
            TABLE.set("a", Map.of("n", 1));
            Path file = application.directory.path().resolve("table.t");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            assertThatThrownBy(() -> TABLE.set("a", Map.of("n", 2)))
                    .isInstanceOf(MemoryException.class)
                    .hasMessageContaining("the table t is lost: its file " + file)
                    .hasMessageContaining("is 0 bytes now");
            assertThatThrownBy(() -> TABLE.get("a")).isInstanceOf(MemoryException.class);
            assertThatThrownBy(() -> Table.named("t", 16, Column.int64("n")).get("a"))
                    .isInstanceOf(MemoryException.class)
                    .hasMessageContaining("length=0");
        }
    }

    @Test
    void whatIsLostIsReportedBesideWhatIsNot() throws Exception {
        try (Application application = Application.start()) {
            TABLE.set("a", Map.of("n", 1));
            Table.named("whole", 16, Column.int64("n")).set("a", Map.of("n", 1));
            Path file = application.directory.path().resolve("table.t");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(100);
            }
            MemoryReport report = MemoryReport.of(application.directory);
            assertThat(report.tables()).extracting(TableStats::name).containsExactly("whole");
            assertThat(report.lost()).singleElement().satisfies(lost -> {
                assertThat(lost.kind()).isEqualTo("table");
                assertThat(lost.name()).isEqualTo("t");
                assertThat(lost.why()).contains("length=100");
            });
        }
    }

    @Test
    void whatACreatorLeftThatDiedIsRemoved() throws Exception {
        try (Application application = Application.start()) {
            Path left = Files.writeString(application.directory.path().resolve(".new.table.u"), "half");
            TABLE.set("a", Map.of("n", 1));
            assertThat(left).doesNotExist();
        }
    }

    @Test
    void whatACreatorLeftThatDiedIsTidiedAwayButNotWhatOneIsAt() throws Exception {
        try (Application application = Application.start()) {
            Path place = application.directory.path();
            Path left = Files.writeString(place.resolve(".new.table.u"), "half");
            try (RunLock _ = RunLock.tryAcquire(place.resolve(".lock")).orElseThrow()) {
                application.directory.tidy();
                assertThat(left).exists();
            }
            application.directory.tidy();
            assertThat(left).doesNotExist();
            application.directory.delete();
            application.directory.tidy();
            assertThat(place).doesNotExist();
        }
    }

    @Test
    void somethingElseInItsPlaceIsRefused() throws Exception {
        try (Application application = Application.start()) {
            Path _ = Files.write(application.directory.path().resolve("table.t"), new byte[10_000]);
            assertThatThrownBy(() -> TABLE.get("a"))
                    .isInstanceOf(MemoryException.class)
                    .hasMessageContaining("magic=0000000000000000 version=0 kind=0");
        }
    }
}
