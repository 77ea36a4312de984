package dev.muster.config;

import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Arguments as they are written in a configuration: a JSON array.
public final class JsonArray {
    /// A message in which it stands may be nested a little deeper.
    private static final int MAX_DEPTH = 60;

    private JsonArray() {}

    /// How many elements it has, empty if it is no JSON array, or one that is nested too deeply.
    public static OptionalInt size(String text) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return OptionalInt.empty();
            }
            int size = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
                size++;
            }
            return parser.nextToken() == null ? OptionalInt.of(size) : OptionalInt.empty();
        } catch (JacksonException e) {
            return OptionalInt.empty();
        }
    }
}
