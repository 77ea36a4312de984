package dev.muster.server;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// JSON of requests and answers.
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    /// @throws IllegalArgumentException if it is not JSON, or not of this type
    static <T> T read(byte[] body, Class<T> type) {
        try {
            return MAPPER.readValue(body, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the body is not a " + type.getSimpleName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
