package dev.muster.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLReadFeature;

/// Reads a YAML file into flat entries with their lines: nested and dotted keys are the same.
///
/// It goes token by token, so that no data binding is loaded and every entry knows its line.
final class YamlFile {
    private final Path file;
    private final List<ConfigurationError> errors;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> seen = new HashMap<>();

    private YamlFile(Path file, List<ConfigurationError> errors) {
        this.file = file;
        this.errors = errors;
    }

    /// Reads the file.
    ///
    /// @param errors receives what is wrong with the file itself
    /// @return the entries that could be read, also when there are errors
    static List<Entry> read(Path file, List<ConfigurationError> errors) {
        YamlFile yaml = new YamlFile(file, errors);
        YAMLFactory factory = YAMLFactory.builder()
                .disable(YAMLReadFeature.EMPTY_STRING_AS_NULL)
                .build();
        try (YAMLParser parser = (YAMLParser) factory.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            yaml.document(parser);
        } catch (JacksonException e) {
            yaml.fileError(0, "the file must be valid YAML: " + oneLine(e.getOriginalMessage()));
        } catch (NoSuchFileException _) {
            yaml.fileError(0, "the file was named but does not exist; correct the path or leave it out");
        } catch (IOException e) {
            yaml.fileError(0, "the file must be readable UTF-8 text (" + e + ")");
        }
        return yaml.entries;
    }

    private void document(YAMLParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null || first.isScalarValue() && nothing(parser, first)) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            fileError(line(parser), "the file must hold keys and values, such as 'tasks.workers: 2'");
            return;
        }
        mapping(parser, "");
        if (parser.nextToken() != null) {
            fileError(line(parser), "the file must hold one YAML document only");
        }
    }

    private void mapping(YAMLParser parser, String path) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = path.isEmpty() ? parser.currentName() : path + "." + parser.currentName();
            int line = line(parser);
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                mapping(parser, key);
            } else if (token == JsonToken.START_ARRAY) {
                list(parser, key, line);
            } else if (parser.isCurrentAlias()) {
                wrong(key, "*" + parser.getString(), line, "must be written out: aliases are not supported");
            } else if (nothing(parser, token)) {
                empty(key, line);
            } else {
                value(key, parser.getString().strip(), line);
            }
        }
    }

    private void list(YAMLParser parser, String key, int line) {
        String separator =
                Keys.find(key).map(Key::type).map(ValueType::separator).orElse("");
        List<String> elements = new ArrayList<>();
        boolean plain = true;
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                parser.skipChildren();
                plain = false;
            } else {
                String element = parser.getString().strip();
                plain &= !element.contains(",");
                elements.add(element);
            }
            token = parser.nextToken();
        }
        if (!plain) {
            wrong(key, elements.toString(), line, "must be a list of single values without commas");
        } else if (separator.isEmpty() && Keys.find(key).isPresent()) {
            wrong(key, elements.toString(), line, "must be one value, not a list");
        } else {
            value(key, String.join(separator.isEmpty() ? "," : separator, elements), line);
        }
    }

    private static boolean nothing(YAMLParser parser, JsonToken token) {
        return token == JsonToken.VALUE_NULL
                || token == JsonToken.VALUE_STRING && parser.getString().isBlank();
    }

    /// A key with nothing behind it: an empty section is fine, a value is missing.
    private void empty(String key, int line) {
        boolean section = false;
        for (Key row : Keys.all()) {
            section |= inside(row, key);
        }
        if (!section || Keys.find(key).isPresent()) {
            value(key, "", line);
        }
    }

    /// Whether the path may be the beginning of a key of this pattern.
    private static boolean inside(Key key, String path) {
        return key.pattern().startsWith(path + ".")
                || key.wildcard()
                        && path.startsWith(key.prefix())
                        && !key.suffix().isEmpty();
    }

    private void value(String key, String value, int line) {
        String origin = origin(line);
        String before = seen.putIfAbsent(key, origin);
        if (before != null) {
            wrong(key, value, line, "must be given once, and stands also in " + before);
            return;
        }
        entries.add(new Entry(key, value, origin));
    }

    private void wrong(String key, String value, int line, String legal) {
        errors.add(new ConfigurationError(key, value, origin(line), legal, ""));
    }

    private void fileError(int line, String legal) {
        errors.add(new ConfigurationError("", "", origin(line), legal, ""));
    }

    private String origin(int line) {
        return line > 0 ? file + " line " + line : file.toString();
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static String oneLine(String message) {
        return String.join(" ", message.lines().map(String::strip).toList());
    }
}
