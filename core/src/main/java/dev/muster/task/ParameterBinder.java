package dev.muster.task;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns the `param` of a message into the arguments of a method.
///
/// Types come from the method alone, never from the message. Numbers may be quoted, whole numbers may be written with a
/// fraction of zero, and [PhpArrays] are what the parameter wants; nothing else is bent: a value that does not fit is
/// refused with its parameter and what is legal.
final class ParameterBinder {
    static final JsonMapper JSON = JsonMapper.builder(MessageHead.JSON)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // A parameter stands in the middle of its message; the end of the message is checked where it is read.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addHandler(new PhpArrays())
            .build();

    private ParameterBinder() {}

    /// The number of arguments that a message gives.
    static int count(@Nullable JsonNode param) {
        return param == null ? 0 : param.size();
    }

    /// Binds the arguments.
    ///
    /// @throws IllegalArgumentException why they do not fit, in one sentence
    static @Nullable Object[] bind(@Nullable JsonNode param, MessageParameters method) {
        List<Parameter> parameters = method.parameters();
        JsonNode[] values = switch (param) {
            case null -> new JsonNode[0];
            case ObjectNode object when !PhpArrays.isList(object) -> byName(object, method);
            default -> param.valueStream().toArray(JsonNode[]::new);
        };
        if (values.length != parameters.size()) {
            throw new IllegalArgumentException("the message has " + values.length
                    + (values.length == 1 ? " parameter, " : " parameters, ") + method + " takes "
                    + parameters.size());
        }
        @Nullable Object[] arguments = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            arguments[i] = convert(values[i], parameters.get(i), i, method);
        }
        return arguments;
    }

    private static JsonNode[] byName(ObjectNode object, MessageParameters method) {
        List<Parameter> parameters = method.parameters();
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).isNamePresent()) {
                throw new IllegalArgumentException("the message names its parameters, but " + method
                        + " was compiled without their names; compile it with -parameters, or send an array");
            }
            places.put(parameters.get(i).getName(), i);
        }
        JsonNode[] values = new JsonNode[parameters.size()];
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Integer place = places.get(entry.getKey());
            if (place == null) {
                throw new IllegalArgumentException("the message names a parameter '"
                        + StackText.shorten(entry.getKey(), 64) + "', " + method + " has "
                        + (places.isEmpty() ? "none" : String.join(", ", places.keySet())));
            }
            values[place] = entry.getValue();
        }
        List<String> missing = new ArrayList<>();
        places.forEach((name, place) -> {
            if (values[place] == null) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "the message lacks the parameter " + String.join(", ", missing) + " of " + method);
        }
        return values;
    }

    private static @Nullable Object convert(JsonNode value, Parameter parameter, int index, MessageParameters method) {
        @Nullable Object plain = plain(value, parameter.getType());
        if (plain != null) {
            return plain;
        }
        Object converted;
        try {
            converted = JSON.treeToValue(whole(value), JSON.constructType(parameter.getParameterizedType()));
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable thrown) {
            // Constructors, deserializers and initialisers of classes are user code, and other languages throw whatever
            // they like: it is the end of this message, which must not be that of a worker.
            throw new IllegalArgumentException(
                    refusal(value, parameter, index, method, " (" + why(thrown) + ")"), thrown);
        }
        if (converted == null && parameter.getType().isPrimitive()) {
            throw new IllegalArgumentException(refusal(value, parameter, index, method, ""));
        }
        return converted;
    }

    private static String why(Throwable thrown) {
        String message = thrown instanceof JacksonException jackson ? jackson.getOriginalMessage() : null;
        String text = message != null ? message : StackText.head(thrown, 300);
        int line = text.indexOf('\n');
        return StackText.shorten(line < 0 ? text : text.substring(0, line), 300);
    }

    /// A value of the very type that is wanted, as most are; null if more must be known about it.
    private static @Nullable Object plain(JsonNode value, Class<?> type) {
        if (value.isInt()) {
            return type == int.class || type == Integer.class
                    ? (Object) value.intValue()
                    : type == long.class || type == Long.class ? (Object) value.longValue() : null;
        }
        if (value.isLong()) {
            return type == long.class || type == Long.class ? value.longValue() : null;
        }
        if (value.isBoolean()) {
            return type == boolean.class || type == Boolean.class ? value.booleanValue() : null;
        }
        return value.isString() && type == String.class ? value.stringValue() : null;
    }

    private static String refusal(
            JsonNode value, Parameter parameter, int index, MessageParameters method, String why) {
        String name = parameter.isNamePresent() ? " '" + parameter.getName() + "'" : "";
        return "parameter " + (index + 1) + name + " of " + method + " is " + StackText.shorten(value.toString(), 100)
                + "; legal is " + MessageParameters.type(parameter) + why;
    }

    /// The value with every number that has a fraction of zero as a whole number.
    private static JsonNode whole(JsonNode value) {
        return switch (value) {
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
                for (JsonNode element : array) {
                    copy.add(whole(element));
                }
                yield copy;
            }
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> entry : object.properties()) {
                    copy.set(entry.getKey(), whole(entry.getValue()));
                }
                yield copy;
            }
            case JsonNode number
            when number.isFloatingPointNumber() -> {
                double floating = number.doubleValue();
                yield floating == Math.rint(floating) && Math.abs(floating) < 9.0e15
                        ? JsonNodeFactory.instance.numberNode((long) floating)
                        : number;
            }
            case JsonNode other -> other;
        };
    }
}
