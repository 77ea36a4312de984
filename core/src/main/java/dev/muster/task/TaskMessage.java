package dev.muster.task;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/// A task message as it was read: who is to be called with what. The bytes are described in
/// docs/protocol/task-message.md.
///
/// @param text the message as it stands
/// @param task the task's name, empty if the message names a class and a method
/// @param className with dots; empty if the message names a task
/// @param method empty if the message names a task
/// @param param an array or an object, null if missing
/// @param retry executions that are left, this one included; 0 if the message does not say
/// @param timeoutMillis limit of an attempt, 0 if the message does not say
/// @param softTimeoutMillis after which an attempt is interrupted, 0 if the message does not say
/// @param expires until when it is worth starting, in milliseconds since 1970; 0 for ever
/// @param retryFrom where the value of `retry` begins in the text
/// @param retryTo where it ends
record TaskMessage(
        String text,
        String task,
        String className,
        String method,
        @Nullable JsonNode param,
        int retry,
        long timeoutMillis,
        long softTimeoutMillis,
        long expires,
        int retryFrom,
        int retryTo)
        implements Parsed {
    /// The longest limit of an attempt that a message may set: 30 days.
    private static final long MAX_TIMEOUT = 30L * 24 * 3600 * 1000;

    /// Reads a message.
    ///
    /// @param maxSize bytes of UTF-8
    /// @return the message, or why it cannot be run
    static Parsed parse(String text, long maxSize) {
        if (text.length() > maxSize || text.length() * 3L > maxSize && utf8Length(text) > maxSize) {
            // Not with its beginning: in this sentence nobody could tell what of it is secret.
            return new Refused(
                    DeadReason.TOO_LARGE, "the message is larger than " + maxSize + " bytes (tasks.maxSize)");
        }
        try (JsonParser parser = ParameterBinder.JSON.createParser(text)) {
            return new Reader(parser).message(text);
        } catch (JacksonException e) {
            return new Refused(DeadReason.MALFORMED, MessageHead.why(e));
        } catch (IllegalArgumentException e) {
            return new Refused(DeadReason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /// The same message with one execution less, everything else as it was to the last character; unchanged if it
    /// does not say how many executions are left.
    String again() {
        if (retry == 0) {
            return text;
        }
        boolean quoted = text.charAt(retryFrom) == '"';
        String value = Integer.toString(Math.max(1, retry - 1));
        return text.substring(0, retryFrom) + (quoted ? '"' + value + '"' : value) + text.substring(retryTo);
    }

    /// Whether it is not worth starting any more.
    boolean expired() {
        return expires != 0 && System.currentTimeMillis() > expires;
    }

    /// Why it is not started then.
    Refused tooLate() {
        return new Refused(
                DeadReason.EXPIRED, "it was worth starting until " + Instant.ofEpochMilli(expires) + " (expires)");
    }

    /// What runs, for people.
    String label() {
        return task.isEmpty() ? className + "." + method : task;
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// One pass over the top level of a message.
    private static final class Reader {
        private final JsonParser parser;
        private String task = "";
        private String className = "";
        private String method = "";
        private @Nullable JsonNode param;
        private int retry;
        private long timeoutMillis;
        private long softTimeoutMillis;
        private long expires;
        private int retryFrom;
        private int retryTo;

        Reader(JsonParser parser) {
            this.parser = parser;
        }

        Parsed message(String text) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the message is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value != JsonToken.VALUE_NULL) {
                    field(name, value);
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is something behind the end of the message");
            }
            if (task.isEmpty() && (className.isEmpty() || method.isEmpty())) {
                throw new IllegalArgumentException("the message names no task: it has neither 'task' nor '"
                        + (className.isEmpty() ? "class" : "method") + "'");
            }
            if (timeoutMillis > 0 && softTimeoutMillis >= timeoutMillis) {
                throw new IllegalArgumentException("'softTimeout' is " + softTimeoutMillis
                        + "; legal is a number below 'timeout', which is " + timeoutMillis);
            }
            boolean named = !task.isEmpty();
            return new TaskMessage(
                    text,
                    task,
                    named ? "" : className,
                    named ? "" : method,
                    param,
                    retry,
                    timeoutMillis,
                    softTimeoutMillis,
                    expires,
                    retryFrom,
                    retryTo);
        }

        private void field(String name, JsonToken value) {
            switch (name) {
                case "task" -> task = word(name, value);
                case "class" -> className = dotted(word(name, value));
                case "method" -> method = word(name, value);
                case "param" -> {
                    if (!value.isStructStart()) {
                        throw new IllegalArgumentException("'param' is neither an array nor an object");
                    }
                    // The parser stands inside the message: what follows the value belongs to the message, too.
                    param = ParameterBinder.JSON
                            .reader()
                            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .readTree(parser);
                }
                case "retry" -> {
                    retryFrom = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                    // Fend counts 0 and 1 alike: one execution.
                    retry = (int) Math.max(1, number(name, value, Integer.MAX_VALUE));
                    retryTo = Math.toIntExact(parser.currentLocation().getCharOffset());
                }
                case "timeout" -> timeoutMillis = number(name, value, MAX_TIMEOUT);
                case "softTimeout" -> softTimeoutMillis = number(name, value, MAX_TIMEOUT);
                case "expires" -> expires = expiry(value);
                default -> {}
            }
        }

        private long expiry(JsonToken value) {
            String written = value.isScalarValue() ? parser.getString() : value.toString();
            try {
                return MessageHead.instant(written).toEpochMilli();
            } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'expires' is '" + StackText.shorten(written, 64) + "'; " + MessageHead.LEGAL_INSTANT, e);
            }
        }

        private String word(String name, JsonToken value) {
            if (value != JsonToken.VALUE_STRING) {
                throw new IllegalArgumentException("'" + name + "' is not a text");
            }
            return parser.getString().strip();
        }

        private long number(String name, JsonToken value, long max) {
            String written = value.isScalarValue() ? parser.getString() : value.toString();
            try {
                boolean numeric = value.isNumeric() || value == JsonToken.VALUE_STRING;
                BigDecimal number = numeric && written.length() <= 32 ? new BigDecimal(written.strip()) : null;
                if (number != null
                        && number.signum() >= 0
                        && number.precision() - number.scale() <= 19
                        && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
                    return number.longValueExact();
                }
            } catch (NumberFormatException e) {
                // said below
            } catch (ArithmeticException e) {
                // not whole: said below
            }
            throw new IllegalArgumentException("'" + name + "' is " + StackText.shorten(written, 64)
                    + "; legal is a whole number from 0 to " + max);
        }

        /// PHP writes namespaces with backslashes, sometimes with a leading one.
        private static String dotted(String name) {
            String dotted = name.replace('\\', '.');
            return dotted.startsWith(".") ? dotted.substring(1) : dotted;
        }
    }
}
