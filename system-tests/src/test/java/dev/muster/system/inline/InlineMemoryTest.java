package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.BoardFile;
import dev.muster.memory.ChannelStats;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryReport;
import dev.muster.system.Patience;
import dev.muster.system.apps.Sharing;
import dev.muster.testkit.InlineApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Shared memory where all slots are threads of one JVM.
@Timeout(120)
// An application inline has its JVM to itself, and its threads are counted.
@Isolated
class InlineMemoryTest {
    @TempDir
    private Path directory;

    @Test
    void theSlotsShareAndLeaveNothing() throws Exception {
        Path board;
        try (InlineApp _ =
                InlineApp.of(Sharing.class, directory).only(Sharing.class).start()) {
            board = BoardFile.place(directory.resolve("run"));
            Patience.await("messages flow").until(() -> taken(directory.resolve("run")) >= 40);
            assertThat(MemoryDirectory.all(board)).hasSize(1);
        }
        assertThat(MemoryDirectory.all(board)).isEmpty();
    }

    private static long taken(Path runDir) {
        return MemoryReport.of(MemoryDirectory.find(BoardFile.place(runDir)).orElseThrow()).channels().stream()
                .mapToLong(ChannelStats::taken)
                .sum();
    }
}
