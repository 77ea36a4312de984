package dev.muster.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON object as its reader needs it here: missing members read as empty, 0 or an empty object.
///
/// @param members strings, `Long`, `Double`, `Boolean`, [Json], lists of these, and null
record Json(Map<String, @Nullable Object> members) {
    private static final Json EMPTY = new Json(Map.of());

    /// Reads an object.
    ///
    /// @throws IllegalArgumentException if the text is not one
    static Json object(String text) {
        if (read(text) instanceof Json object) {
            return object;
        }
        throw new IllegalArgumentException("not a JSON object: " + excerpt(text));
    }

    /// Reads an array of objects.
    ///
    /// @throws IllegalArgumentException if the text is not one
    static List<Json> array(String text) {
        if (read(text) instanceof List<?> list) {
            List<Json> objects = new ArrayList<>();
            for (Object element : list) {
                if (!(element instanceof Json object)) {
                    throw new IllegalArgumentException("not an array of JSON objects: " + excerpt(text));
                }
                objects.add(object);
            }
            return objects;
        }
        throw new IllegalArgumentException("not a JSON array: " + excerpt(text));
    }

    /// A member as text; empty if it is missing or null.
    String text(String name) {
        Object value = members.get(name);
        return value == null ? "" : value.toString();
    }

    /// A member as a whole number; 0 if it is missing, null or no number.
    long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /// A member as a truth value; false if it is missing, null or none.
    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    /// Whether the member is there and not null.
    boolean has(String name) {
        return members.get(name) != null;
    }

    /// A member that is an object; an empty one if it is not.
    Json at(String name) {
        return members.get(name) instanceof Json object ? object : EMPTY;
    }

    /// A member that is an array of objects; empty if it is not.
    List<Json> list(String name) {
        List<Json> objects = new ArrayList<>();
        if (members.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Json object) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static @Nullable Object read(String text) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            return value(parser, parser.nextToken());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + excerpt(text), e);
        }
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token) {
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                members.put(name, value(parser, parser.nextToken()));
            }
            return new Json(members);
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                elements.add(value(parser, next));
            }
            return elements;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getDoubleValue();
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        return token == null || token == JsonToken.VALUE_NULL ? null : parser.getString();
    }

    private static String excerpt(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
