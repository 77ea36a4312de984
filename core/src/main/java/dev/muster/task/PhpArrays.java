package dev.muster.task;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads PHP's one kind of array as what the parameter wants, at any depth of it.
///
/// `json_encode` cannot know whether an array was meant as a list or as a map. It writes `[]` for an empty map, `["a"]`
/// for a map whose only key is 0, and `{"0":"a","2":"b"}` for a list from whose middle something was removed. The type
/// of the Java parameter does know.
final class PhpArrays extends DeserializationProblemHandler {

    /// Whether an object stands for a list with gaps: all of its keys are numbers.
    static boolean isList(ObjectNode object) {
        for (String key : object.propertyNames()) {
            if (key.isEmpty() || !key.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable Object handleUnexpectedToken(
            DeserializationContext context,
            JavaType target,
            JsonToken token,
            JsonParser parser,
            @Nullable String message) {
        if (token == JsonToken.START_ARRAY && wantsObject(target)) {
            return context.readTreeAsValue(asObject(context.readTree(parser), target, context), target);
        }
        if (token == JsonToken.START_OBJECT && (target.isCollectionLikeType() || target.isArrayType())) {
            return context.readTreeAsValue(asArray(context.readTree(parser), target, context), target);
        }
        return NOT_HANDLED;
    }

    private static boolean wantsObject(JavaType target) {
        boolean ofUser = !target.isContainerType()
                && !target.isEnumType()
                && !target.isPrimitive()
                && !target.getRawClass().getName().startsWith("java.");
        return target.isMapLikeType() || ofUser;
    }

    private static JsonNode asObject(JsonNode array, JavaType target, DeserializationContext context) {
        if (!array.isEmpty() && !target.isMapLikeType()) {
            context.reportInputMismatch(target, "a list with elements is no object");
        }
        ObjectNode object = context.getNodeFactory().objectNode();
        for (int i = 0; i < array.size(); i++) {
            object.set(Integer.toString(i), array.get(i));
        }
        return object;
    }

    private static JsonNode asArray(JsonNode object, JavaType target, DeserializationContext context) {
        if (object.isEmpty() || !isList((ObjectNode) object)) {
            context.reportInputMismatch(target, "an object whose keys are not all numbers is no list");
        }
        ArrayNode array = context.getNodeFactory().arrayNode(object.size());
        object.forEach(array::add);
        return array;
    }
}
