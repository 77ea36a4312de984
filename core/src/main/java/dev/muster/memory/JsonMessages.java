package dev.muster.memory;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// How messages are read and written as JSON. In a class of its own, so that who sends bytes does not load Jackson.
final class JsonMessages {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JsonMessages() {}
}
