package dev.muster.task;

import dev.muster.task.Broker.NewTask;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// What a message says to the queue and not to the method: its `id`, `queue`, `at`, `priority` and `unique`. Read
/// without building a tree, so that processes that only enqueue load little.
final class MessageHead {
    /// How deep a message may be nested.
    static final int MAX_DEPTH = 64;

    /// A number from here on is a time in milliseconds, below in seconds.
    private static final double MILLIS_FROM = 1e11;

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(NewTask.MAX_PAYLOAD)
                    .build())
            .build();

    /// As long as the board can hold: a UUID fits in any of its usual spellings.
    private static final int LONGEST_ID = 64;

    static final String LEGAL_INSTANT =
            "legal are seconds or milliseconds since 1970, or a time like 2030-01-31T12:00:00Z";

    private String id = "";
    private String queue = "";
    private @Nullable String at;
    private @Nullable String priority;
    private String unique = "";

    private MessageHead() {}

    /// Whether the text can be the id of a task.
    static boolean legalId(String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean legal = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
            if (!legal) {
                return false;
            }
        }
        return true;
    }

    /// The id that a message has, empty if it has none that is legal or cannot be parsed.
    static String idOf(String payload) {
        if (!payload.contains("\"id\"")) {
            return "";
        }
        try {
            String id = read(payload).id;
            return legalId(id) ? id : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    /// The task that a line of a producer stands for.
    static NewTask newTask(String line, String defaultQueue, long nowEpochMillis) {
        try {
            MessageHead head = read(line);
            String queue = head.queue.isEmpty() ? defaultQueue : head.queue;
            String id = legalId(head.id) ? head.id : "";
            Duration delay = delay(head.at, nowEpochMillis);
            return new NewTask(id, queue, line, delay, "", priority(head.priority), head.unique);
        } catch (JacksonException e) {
            return new NewTask("", defaultQueue, line, Duration.ZERO, why(e));
        } catch (IllegalArgumentException e) {
            return new NewTask("", defaultQueue, line, Duration.ZERO, String.valueOf(e.getMessage()));
        }
    }

    /// The parser's complaint in one sentence, without its source excerpt.
    static String why(JacksonException e) {
        String message = e.getOriginalMessage();
        int line = message.indexOf('\n');
        return "the message is not a JSON object: " + (line < 0 ? message : message.substring(0, line));
    }

    private static MessageHead read(String payload) {
        MessageHead head = new MessageHead();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the message is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    switch (name) {
                        case "id" -> head.id = parser.getString();
                        case "queue" -> head.queue = parser.getString();
                        case "at" -> head.at = parser.getString();
                        case "priority" -> head.priority = parser.getString();
                        case "unique" -> head.unique = parser.getString();
                        default -> {}
                    }
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is something behind the end of the message");
            }
        }
        return head;
    }

    private static int priority(@Nullable String written) {
        if (written == null || written.isBlank()) {
            return 0;
        }
        try {
            return new BigDecimal(written.strip()).intValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'priority' is '" + StackText.shorten(written, 64) + "'; legal is a whole number from "
                            + -NewTask.MAX_PRIORITY + " to " + NewTask.MAX_PRIORITY + " (the highest)",
                    e);
        }
    }

    private static Duration delay(@Nullable String at, long nowEpochMillis) {
        if (at == null || at.isEmpty()) {
            return Duration.ZERO;
        }
        Duration delay;
        try {
            delay = Duration.between(Instant.ofEpochMilli(nowEpochMillis), instant(at));
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'at' is '" + StackText.shorten(at, 64) + "'; " + LEGAL_INSTANT, e);
        }
        return delay.isNegative() ? Duration.ZERO : delay;
    }

    /// The instant that is written in a message.
    static Instant instant(String at) {
        if (at.indexOf('T') > 0) {
            return OffsetDateTime.parse(at).toInstant();
        }
        double number = Double.parseDouble(at);
        if (!(number >= 0 && number < 1e15)) {
            throw new DateTimeException("out of range");
        }
        return Instant.ofEpochMilli(Math.round(number >= MILLIS_FROM ? number : number * 1000));
    }
}
