package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.BoardFile;
import dev.muster.memory.MemoryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// What an application must not leave behind.
final class Remains {
    private static final List<String> STAYING = List.of("lock", "config.json", "process-map.json", "dumps");

    private Remains() {}

    /// @param output of the master
    static void assertNone(Traces traces, Path runDir, Supplier<String> output) {
        assertThat(traces.processes())
                .as(() -> "processes left behind; the master said:\n" + output.get())
                .isEmpty();
        assertThat(output.get()).as("no warning of a virtual machine").doesNotContainPattern("(?m)^WARNING:");
        if (Files.isDirectory(runDir)) {
            try (var files = Files.list(runDir)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .as("files left in the run directory")
                        .isSubsetOf(STAYING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(BoardFile.place(runDir))
                    .as(() -> "the board; the master said:\n" + output.get())
                    .doesNotExist();
            assertThat(MemoryDirectory.all(BoardFile.place(runDir)))
                    .as(() -> "shared memory; the master said:\n" + output.get())
                    .isEmpty();
        }
    }
}
