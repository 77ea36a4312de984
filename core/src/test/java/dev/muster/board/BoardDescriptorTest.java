package dev.muster.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BoardDescriptorTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Z_]+)` \\| (-?\\d+) \\|", Pattern.MULTILINE);
    private static final Pattern KIND = Pattern.compile("\\b(\\d+) ([A-Z]+)\\b");

    @Test
    void documentHasTheNumbersOfTheCode() throws Exception {
        Map<String, Long> code = new TreeMap<>();
        for (Field field : BoardDescriptor.class.getDeclaredFields()) {
            code.put(field.getName(), ((Number) field.get(null)).longValue());
        }
        assertThat(code.remove("MAGIC")).isEqualTo(0x444252455453554DL);
        assertThat(document()).contains("0x444252455453554D");

        Map<String, Long> rows = new TreeMap<>();
        ROW.matcher(document()).results().forEach(row -> rows.put(row.group(1), Long.parseLong(row.group(2))));
        assertThat(rows).isEqualTo(code);
    }

    @Test
    void documentNamesTheKindsOfMarks() throws Exception {
        String row = document()
                .lines()
                .filter(line -> line.startsWith("| `MARK_KIND_OFFSET`"))
                .findFirst()
                .orElseThrow();
        Map<String, Integer> kinds = new TreeMap<>();
        KIND.matcher(row).results().forEach(kind -> kinds.put(kind.group(2), Integer.parseInt(kind.group(1))));
        Map<String, Integer> code = new TreeMap<>();
        for (BoardSlot.Kind kind : BoardSlot.Kind.values()) {
            code.put(kind.name(), kind.code());
        }
        assertThat(kinds).isEqualTo(code);
    }

    @Test
    void fieldsOfDifferentWritersAreTwoCacheLinesApart() {
        int[] blocks = {
            BoardDescriptor.SLOT_BEAT_OFFSET,
            BoardDescriptor.SLOT_LIFE_OFFSET,
            BoardDescriptor.SLOT_REGISTERED_OFFSET,
            BoardDescriptor.SLOT_LENGTH,
            BoardDescriptor.PENDINGS_OFFSET,
            BoardDescriptor.SLOTS_OFFSET
        };
        for (int block : blocks) {
            assertThat(block % (2 * BoardDescriptor.CACHE_LINE_LENGTH)).isZero();
        }
    }

    @Test
    void wordsAreAligned() {
        assertThat(BoardDescriptor.MARK_LENGTH % Long.BYTES).isZero();
        assertThat(BoardDescriptor.MARK_LABEL_OFFSET + BoardDescriptor.MARK_LABEL_CAPACITY)
                .isLessThanOrEqualTo(BoardDescriptor.MARK_LENGTH);
        assertThat(BoardDescriptor.TEXT_AREA_LENGTH % Integer.BYTES).isZero();
        assertThat(BoardDescriptor.SLOT_SILENCE_OFFSET % Long.BYTES).isZero();
        assertThat(BoardDescriptor.SLOT_TEXT_VERSION_OFFSET % Long.BYTES).isZero();
        assertThat(BoardDescriptor.PENDING_BODY_OFFSET + BoardDescriptor.PENDING_BODY_CAPACITY)
                .isEqualTo(BoardDescriptor.PENDING_LENGTH);
    }

    private static String document() throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("docs/protocol/board.md"))) {
            directory = directory.getParent();
        }
        assertThat(directory)
                .as("a directory above %s with docs/protocol", Path.of("").toAbsolutePath())
                .isNotNull();
        return Files.readString(directory.resolve("docs/protocol/board.md"), StandardCharsets.UTF_8);
    }
}
