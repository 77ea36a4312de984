package dev.muster.console;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Hides the values of fields whose names sound like secrets, in messages that are shown to people.
///
/// A message that is JSON keeps its meaning and loses its spacing, only if something was hidden; in a text that is no
/// JSON every value behind such a name is hidden as far as it can be recognised.
///
/// **Threads:** immutable.
final class SecretMask {
    /// What stands in the place of a secret.
    static final String HIDDEN = "***";

    private static final JsonFactory JSON = new JsonFactory();

    private final List<String> words;

    /// @param words parts of names, as `tasks.secrets` lists them; case, `_` and `-` do not matter
    SecretMask(List<String> words) {
        List<String> plain = new ArrayList<>();
        for (String word : words) {
            if (!word.isBlank()) {
                plain.add(plain(word));
            }
        }
        this.words = List.copyOf(plain);
    }

    /// The text without its secrets.
    String of(String text) {
        if (words.isEmpty() || !sounds(text)) {
            return text;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            StringWriter out = new StringWriter(text.length());
            boolean hidden;
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
                hidden = copy(parser, json);
            }
            return hidden ? out.toString() : text;
        } catch (JacksonException _) {
            return ofBroken(text);
        }
    }

    private boolean copy(JsonParser parser, JsonGenerator json) {
        boolean hidden = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            json.copyCurrentEvent(parser);
            if (token == JsonToken.PROPERTY_NAME && sounds(parser.currentName())) {
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_NULL) {
                    json.writeNull();
                } else {
                    parser.skipChildren();
                    json.writeString(HIDDEN);
                    hidden = true;
                }
            }
        }
        return hidden;
    }

    private String ofBroken(String text) {
        Matcher fields = FIELD.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        // The value of a harmless name may be another name with its value.
        for (int at = 0; fields.find(at); at = sounds(fields.group(1)) ? fields.end() : fields.end(2)) {
            if (sounds(fields.group(1))) {
                out.append(text, from, fields.end(2)).append(HIDDEN);
                from = fields.end();
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    /// A name, what parts it from its value, and the value up to where it probably ends.
    private static final Pattern FIELD =
            Pattern.compile("([\\w-]+)([\"']?\\s*[:=]\\s*)(\"(?:[^\"\\\\]|\\\\.)*+\"?|[^\\s,;}\\]]+)");

    private boolean sounds(String name) {
        String plain = plain(name);
        return words.stream().anyMatch(plain::contains);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
