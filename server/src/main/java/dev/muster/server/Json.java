package dev.muster.server;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// JSON of requests and answers.
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    /// What a client has sent is not what the application wants of it: its fault, and no failure of a handler.
    static final class WrongBodyException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private WrongBodyException(String message, JacksonException cause) {
            super(message, cause);
        }
    }

    /// @throws WrongBodyException if it is not JSON, or not of this type
    static <T> T read(byte[] body, Class<T> type) {
        try {
            return MAPPER.readValue(body, type);
        } catch (JacksonException e) {
            throw new WrongBodyException(
                    "the body is not a " + type.getSimpleName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
