package dev.muster.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The rows of a table as a file of JSON, one line each, behind a line that says what it is:
///
/// ```text
/// {"table":"users","format":1,"columns":{"value":"TEXT","n":"INT64"}}
/// {"key":"anna","values":{"value":"new","n":1}}
/// ```
///
/// Bytes are in Base64; numbers that JSON does not know are text: `"NaN"`, `"Infinity"`, `"-Infinity"`.
final class Snapshot {
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private Snapshot() {}

    static int save(Table table, Path target) throws IOException {
        try (SnapshotPassage passage = SnapshotPassage.to(target)) {
            BufferedWriter out = new BufferedWriter(Channels.newWriter(passage.channel(), UTF_8));
            int rows = write(table, out);
            out.flush();
            passage.arrive();
            return rows;
        }
    }

    private static int write(Table table, BufferedWriter out) throws IOException {
        Map<String, String> columns = new LinkedHashMap<>();
        table.columns()
                .forEach(column -> columns.put(column.name(), column.type().name()));
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("table", table.name());
        head.put("format", FORMAT);
        head.put("columns", columns);
        line(out, head);
        int rows = 0;
        TableCursor cursor = table.cursor();
        while (cursor.next()) {
            byte[] key = new byte[cursor.keyLength()];
            var _ = cursor.copyKey(key, 0);
            Map<String, Object> values = new LinkedHashMap<>();
            for (int i = 0; i < table.columns().size(); i++) {
                values.put(table.columns().get(i).name(), value(table, cursor, i));
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("key", text(table, "a key", key));
            row.put("values", values);
            line(out, row);
            rows++;
        }
        return rows;
    }

    private static void line(BufferedWriter out, Map<String, Object> object) throws IOException {
        out.write(JSON.writeValueAsString(object));
        out.write('\n');
    }

    private static Object value(Table table, TableCursor cursor, int index) throws IOException {
        Column column = table.columns().get(index);
        return switch (column.type()) {
            case TEXT -> text(table, "the column " + column.name(), cursor.bytes(index));
            case BYTES -> Base64.getEncoder().encodeToString(cursor.bytes(index));
            case INT64 -> (Object) cursor.int64(index);
            case FLOAT64 -> {
                double number = cursor.float64(index);
                yield Double.isFinite(number) ? (Object) number : Double.toString(number);
            }
        };
    }

    private static String text(Table table, String what, byte[] bytes) throws IOException {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(
                    "cannot save the table %s: %s holds bytes that are no UTF-8; declare a column of bytes, and make keys"
                                    .formatted(table.name(), what)
                            + " of text",
                    e);
        }
    }

    /// Refuses to replace what is no file: whoever saves to a device or a directory means something else.
    static void requireFile(Table table, Path target) throws IOException {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException("cannot save the table %s to %s: it is %s; give the path of a file, new or old"
                    .formatted(table.name(), target, Files.isDirectory(target) ? "a directory" : "no regular file"));
        }
    }

    static int load(Table table, Path source) throws IOException {
        int line = 1;
        try (BufferedReader in = Files.newBufferedReader(source, UTF_8)) {
            checkHead(table, parse(in.readLine()));
            while (true) {
                line++;
                String text = in.readLine();
                if (text == null) {
                    return line - 2;
                }
                set(table, parse(text));
            }
        } catch (LimitException e) {
            throw new LimitException(wrong(source, line, String.valueOf(e.getMessage())), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(wrong(source, line, String.valueOf(e.getMessage())), e);
        } catch (CharacterCodingException e) {
            // What is read ahead is decoded at once.
            throw new IOException(wrong(source, line, "it, or a line after it, is no UTF-8"), e);
        }
    }

    /// @throws IllegalArgumentException as everything below: what is wrong with the line
    private static void checkHead(Table table, Map<String, Object> head) {
        if (!Integer.valueOf(FORMAT).equals(head.get("format"))
                || !(head.get("columns") instanceof Map<?, ?> columns)) {
            throw new IllegalArgumentException("it does not begin with a table in format " + FORMAT);
        }
        for (Map.Entry<?, ?> column : columns.entrySet()) {
            boolean known = table.columns().stream()
                    .anyMatch(own -> own.name().equals(column.getKey())
                            && own.type().name().equals(column.getValue()));
            if (!known) {
                throw new IllegalArgumentException("it has a column " + column.getKey() + " of type "
                        + column.getValue() + ", and the table " + table.name() + " has not");
            }
        }
    }

    private static void set(Table table, Map<String, Object> row) {
        if (!(row.get("key") instanceof String key) || !(row.get("values") instanceof Map<?, ?> found)) {
            throw new IllegalArgumentException("it has no key, or no values");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        found.forEach((name, value) -> {
            Column column = table.columns().get(table.column(String.valueOf(name)));
            if (value == null) {
                throw new IllegalArgumentException(
                        "the column " + column.name() + " is null; leave it out, and it stays as it is");
            }
            values.put(column.name(), value(column, value));
        });
        var _ = table.set(key, values);
    }

    private static Object value(Column column, Object value) {
        return switch (column.type()) {
            case BYTES ->
                value instanceof String text ? (Object) Base64.getDecoder().decode(text) : value;
            case FLOAT64 -> value instanceof String text ? (Object) Double.valueOf(text) : value;
            case TEXT, INT64 -> value;
        };
    }

    private static Map<String, Object> parse(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("it is empty");
        }
        try {
            Map<String, Object> object = JSON.readValue(text, OBJECT);
            if (object == null) {
                throw new IllegalArgumentException("it is null, and no JSON object");
            }
            return object;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        }
    }

    private static String wrong(Path source, int line, String why) {
        return "cannot load %s, line %d: %s; %s"
                .formatted(
                        source,
                        line,
                        why,
                        line < 3 ? "no row of it is set" : "the " + (line - 2) + " rows before it are set");
    }
}
