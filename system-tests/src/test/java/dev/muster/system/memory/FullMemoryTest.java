package dev.muster.system.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.memory.Column;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryException;
import dev.muster.memory.SharedMemory;
import dev.muster.memory.Table;
import dev.muster.os.Identity;
import dev.muster.system.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// No memory for a table: an error that can be caught, and later none that could not.
@Timeout(60)
class FullMemoryTest {
    @TempDir
    Path directory;

    @Test
    void aTableThatDoesNotFitIsRefusedAndLeavesNothing() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("shm"), "4m")) {
            MemoryDirectory memory = MemoryDirectory.create(disk.place().resolve("board"), Identity.self());
            SharedMemory.use(memory);
            try {
                Table large = Table.named("large", 10_000, Column.text("value", 1_000));
                Table small = Table.named("small", 1_000, Column.text("value", 1_000));
                assertThatExceptionOfType(MemoryException.class)
                        .isThrownBy(() -> large.set("a", Map.of()))
                        .withMessageStartingWith("cannot create the table large of ")
                        .withMessageContaining(" bytes are free there")
                        .withMessageEndingWith("make room there, or declare less");
                for (int i = 0; i < 1_000; i++) {
                    small.set("key" + i, Map.of("value", "v".repeat(1_000)));
                }
                assertThat(small.size()).isEqualTo(1_000);
                try (Stream<Path> files = Files.list(memory.path())) {
                    assertThat(files.map(file -> file.getFileName().toString()))
                            .containsExactlyInAnyOrder(".lock", ".made.table.small", ".table.small", "table.small");
                }
            } finally {
                SharedMemory.leave(memory);
                memory.delete();
            }
        }
    }
}
