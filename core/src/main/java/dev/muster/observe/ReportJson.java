package dev.muster.observe;

import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON of `ps --json` and `deaths --json`, and of the effective configuration.
public final class ReportJson {
    private ReportJson() {}

    /// The rows of `ps`.
    public static String ps(List<SlotRow> rows) {
        return array(json -> {
            for (SlotRow row : rows) {
                json.writeStartObject();
                json.writeNumberProperty("slot", row.slot());
                json.writeStringProperty("role", row.role().word());
                json.writeStringProperty("name", row.name());
                json.writeNumberProperty("pid", row.pid());
                json.writeNumberProperty("generation", row.generation());
                json.writeStringProperty("state", row.state());
                json.writeNumberProperty("uptimeMs", row.uptimeMillis());
                json.writeNumberProperty("restarts", row.restarts());
                json.writeNumberProperty("rssBytes", row.rssBytes());
                text(json, "task", row.task());
                json.writeNumberProperty("done", row.unitsDone());
                json.writeNumberProperty("failed", row.unitsFailed());
                json.writeNumberProperty("backlog", row.backlog());
                json.writeNumberProperty("connections", row.connections());
                json.writeBooleanProperty("spare", row.spare());
                json.writeBooleanProperty("paused", row.paused());
                json.writeNumberProperty("privateBytes", row.privateBytes());
                json.writeNumberProperty("gcPercent", row.gcPercent());
                json.writeArrayPropertyStart("others");
                for (SlotRow.Other other : row.others()) {
                    json.writeStartObject();
                    json.writeStringProperty("part", other.part());
                    json.writeNumberProperty("pid", other.pid());
                    json.writeNumberProperty("generation", other.generation());
                    json.writeStringProperty("state", other.state());
                    json.writeEndObject();
                }
                json.writeEndArray();
                Death last = row.lastExit();
                if (last == null) {
                    json.writeNullProperty("lastExit");
                } else {
                    json.writeObjectPropertyStart("lastExit");
                    exit(json, last);
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
        });
    }

    /// A flat array of deaths.
    public static String deaths(List<Death> deaths) {
        return array(json -> {
            for (Death death : deaths) {
                json.writeStartObject();
                json.writeNumberProperty("slot", death.slot());
                json.writeStringProperty("name", death.name());
                json.writeNumberProperty("pid", death.pid());
                exit(json, death);
                json.writeNumberProperty("uptimeMs", death.uptimeMillis());
                text(json, "task", death.task());
                text(json, "detail", death.detail());
                json.writeEndObject();
            }
        });
    }

    /// A flat object of strings.
    public static String flat(Map<String, String> values) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            values.forEach((key, value) -> {
                json.writeRaw("\n");
                json.writeStringProperty(key, value);
            });
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void exit(JsonGenerator json, Death death) {
        json.writeStringProperty("reason", death.reason().name());
        if (!death.kind().isEmpty()) {
            json.writeStringProperty("kind", death.kind());
        }
        if (death.signal() == 0) {
            json.writeNumberProperty("code", death.code());
            json.writeNullProperty("signal");
        } else {
            json.writeNullProperty("code");
            json.writeNumberProperty("signal", death.signal());
        }
        json.writeStringProperty(
                "at", Instant.ofEpochMilli(death.atEpochMillis()).toString());
        text(json, "dump", death.dump());
    }

    private static void text(JsonGenerator json, String name, String value) {
        if (value.isEmpty()) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value);
        }
    }

    private static String array(Content content) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartArray();
            content.write(json);
            json.writeEndArray();
        }
        return out.toString();
    }

    private interface Content {
        void write(JsonGenerator json);
    }
}
