package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryDescriptorTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([A-Z0-9_]+)`(?: =)? (?:\\| )?(-?\\d+) \\|", Pattern.MULTILINE);

    @Test
    void documentHasTheNumbersOfTheCode() throws Exception {
        Map<String, Long> code = new TreeMap<>();
        for (Class<?> descriptor : List.of(
                RegionDescriptor.class,
                TableDescriptor.class,
                CounterDescriptor.class,
                LockDescriptor.class,
                ChannelDescriptor.class)) {
            for (Field field : descriptor.getDeclaredFields()) {
                if (Modifier.isPrivate(field.getModifiers())) {
                    continue;
                }
                assertThat(code.put(field.getName(), ((Number) field.get(null)).longValue()))
                        .as("a second %s", field.getName())
                        .isNull();
            }
        }
        assertThat(code.remove("MAGIC")).isEqualTo(0x4D5352455453554DL);
        assertThat(document()).contains("0x4D5352455453554D");

        Map<String, Long> rows = new TreeMap<>();
        ROW.matcher(document()).results().forEach(row -> rows.put(row.group(1), Long.parseLong(row.group(2))));
        assertThat(rows).isEqualTo(code);
    }

    @Test
    void kindsHaveTheCodesOfTheDocument() {
        assertThat(RegionKind.values()).extracting(RegionKind::code).containsExactly(1, 2, 3, 4);
        assertThat(RegionKind.values())
                .extracting(RegionKind::word)
                .containsExactly("table", "counter", "lock", "channel");
    }

    @Test
    void everyWordOfATableIsAligned() {
        for (int rows : new int[] {1, 2, 63, 64, 65, 1000, 1024, 1_000_000}) {
            TableLayout layout = new TableLayout(
                    "t", rows, 13, List.of(Column.text("a", 3), Column.int64("b"), Column.bytes("c", 1)));
            assertThat(layout.freeOffset % 8).isZero();
            assertThat(layout.bucketsOffset % 8).isZero();
            assertThat(layout.rowsOffset % 64).isZero();
            assertThat(layout.rowLength % 64).isZero();
            assertThat(layout.valuesOffset % 8).isZero();
            assertThat(layout.valuesLength % 8).isZero();
            assertThat(Integer.bitCount(layout.buckets)).isEqualTo(1);
            assertThat(layout.buckets).isGreaterThanOrEqualTo(rows);
            assertThat(TableLayout.parse("t", layout.schema()).schema()).isEqualTo(layout.schema());
            assertThat(TableLayout.parse("t", layout.schema()).fileLength).isEqualTo(layout.fileLength);
        }
    }

    private static String document() throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("docs/protocol/memory.md"))) {
            directory = directory.getParent();
        }
        assertThat(directory)
                .as("a directory above %s with docs/protocol", Path.of("").toAbsolutePath())
                .isNotNull();
        return Files.readString(directory.resolve("docs/protocol/memory.md"), StandardCharsets.UTF_8);
    }
}
