package dev.muster.console;

import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON of the `tasks` verbs.
final class TasksJson {
    private TasksJson() {}

    /// The numbers of all queues and their sum.
    static String counts(Map<String, QueueCounts> counts, Set<String> paused, String durability) {
        return written(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("queues");
            counts.forEach((queue, count) -> numbers(json, queue, count, paused.contains(queue)));
            json.writeEndObject();
            numbers(json, "total", TasksVerb.total(counts), false);
            json.writeStringProperty("durability", durability);
            json.writeEndObject();
        });
    }

    /// Tasks as an array; payloads longer than the limit are cut, their full size stands beside.
    static String tasks(List<TaskView> tasks, int payloadLimit, SecretMask mask) {
        return written(json -> {
            json.writeStartArray();
            for (TaskView task : tasks) {
                task(json, task, payloadLimit, mask);
            }
            json.writeEndArray();
        });
    }

    /// One task, whole.
    static String task(TaskView task, SecretMask mask) {
        return written(json -> task(json, task, Integer.MAX_VALUE, mask));
    }

    /// The nodes that share a store.
    static String nodes(List<NodesVerb.Row> rows) {
        return written(json -> {
            json.writeStartArray();
            for (NodesVerb.Row row : rows) {
                json.writeStartObject();
                json.writeStringProperty("node", row.name());
                json.writeStringProperty("host", row.note().text("host"));
                json.writeStringProperty("app", row.note().text("app"));
                json.writeNumberProperty("master", row.note().number("master"));
                json.writeStringProperty("seenAt", row.note().text("at"));
                json.writeStringProperty("goneAt", row.until().toString());
                json.writeArrayPropertyStart("processes");
                row.processes().forEach(json::writeString);
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void numbers(JsonGenerator json, String name, QueueCounts count, boolean paused) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("ready", count.ready());
        json.writeNumberProperty("scheduled", count.scheduled());
        json.writeNumberProperty("running", count.running());
        json.writeNumberProperty("done", count.done());
        json.writeNumberProperty("dead", count.dead());
        json.writeNumberProperty("retried", count.retried());
        json.writeNumberProperty("deleted", count.deleted());
        json.writeNumberProperty("accepted", count.accepted());
        if (paused) {
            json.writeBooleanProperty("paused", true);
        }
        json.writeEndObject();
    }

    private static void task(JsonGenerator json, TaskView task, int payloadLimit, SecretMask mask) {
        json.writeStartObject();
        json.writeStringProperty("id", task.id());
        json.writeStringProperty("queue", task.queue());
        json.writeStringProperty("state", task.state());
        json.writeStringProperty("reason", task.reason());
        json.writeStringProperty("detail", mask.of(task.detail()));
        json.writeNumberProperty("attempts", task.attempts());
        json.writeNumberProperty("crashes", task.crashes());
        json.writeStringProperty("acceptedAt", instant(task.acceptedAtEpochMillis()));
        json.writeStringProperty("changedAt", instant(task.changedAtEpochMillis()));
        json.writeNumberProperty("payloadBytes", task.payload().getBytes(StandardCharsets.UTF_8).length);
        json.writeStringProperty("payload", Texts.shortened(mask.of(task.payload()), payloadLimit));
        json.writeArrayPropertyStart("history");
        task.history().forEach(line -> json.writeString(mask.of(line)));
        json.writeEndArray();
        json.writeNumberProperty("priority", task.priority());
        optional(json, "unique", task.unique());
        optional(json, "owner", task.owner());
        if (task.dueAtEpochMillis() != 0) {
            json.writeStringProperty("dueAt", instant(task.dueAtEpochMillis()));
        }
        if (task.cancelled()) {
            json.writeBooleanProperty("cancelled", true);
        }
        optional(json, "progress", mask.of(task.progress()));
        optional(json, "result", mask.of(task.result()));
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    private static String instant(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }

    private static String written(Consumer<JsonGenerator> content) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            content.accept(json);
        }
        return out.toString();
    }
}
