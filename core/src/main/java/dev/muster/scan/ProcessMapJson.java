package dev.muster.scan;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// The process map as JSON: the file in the run directory, and what `muster map --json` prints. Times are
/// milliseconds.
public final class ProcessMapJson {
    private ProcessMapJson() {}

    /// Writes the map over several lines, for people as well.
    public static String write(ProcessMap map) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(new Indented(), text)) {
            json.writeStartObject();
            json.writeStringProperty("main", map.mainClass());
            json.writeArrayPropertyStart("processes");
            for (Declaration declaration : map.processes()) {
                write(json, declaration);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("tasks");
            for (TaskDeclaration task : map.tasks()) {
                write(json, task);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("schedules");
            for (ScheduleDeclaration schedule : map.schedules()) {
                write(json, schedule);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("listeners");
            for (String listener : map.listeners()) {
                json.writeString(listener);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("warnings");
            for (String warning : map.warnings()) {
                json.writeString(warning);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void write(JsonGenerator json, Declaration declaration) {
        json.writeStartObject();
        json.writeStringProperty("name", declaration.name());
        json.writeStringProperty("role", declaration.role().word());
        switch (declaration) {
            case Declaration.User user -> {
                json.writeStringProperty("class", user.className());
                json.writeStringProperty("method", user.methodName());
                json.writeNumberProperty("interval", user.intervalMillis());
                json.writeBooleanProperty("virtualThreads", user.virtualThreads());
                json.writeNumberProperty("instances", user.instances());
                json.writeStringProperty("onError", user.onError().name());
                json.writeStringProperty("restart", user.restart().name());
                json.writeNumberProperty("runTimeout", user.runTimeoutMillis());
                json.writeBooleanProperty("reloadable", user.reloadable());
                json.writeStringProperty("scope", user.scope().name());
                json.writeStringProperty("pipe", user.pipe().name());
                json.writeBooleanProperty("redirectStdio", user.redirectStdio());
            }
            case Declaration.Workers workers -> {
                json.writeStringProperty("class", workers.className());
                json.writeStringProperty("prefix", workers.prefix());
                json.writeNumberProperty("instances", workers.instances());
                json.writeNumberProperty("concurrency", workers.concurrency());
                json.writeNumberProperty("heartbeat", workers.heartbeatMillis());
                json.writeStringProperty("queue", workers.queue());
                if (!workers.queues().isEmpty()) {
                    json.writeStringProperty("queues", workers.queues());
                }
                json.writeStringProperty("log", workers.log());
            }
            case Declaration.Web web -> {
                json.writeNumberProperty("instances", web.instances());
                json.writeStringProperty("host", web.host());
                json.writeNumberProperty("port", web.port());
            }
            case Declaration.Console console -> {
                json.writeStringProperty("host", console.host());
                json.writeNumberProperty("port", console.port());
            }
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, TaskDeclaration task) {
        json.writeStartObject();
        json.writeStringProperty("name", task.name());
        json.writeStringProperty("class", task.className());
        json.writeStringProperty("method", task.methodName());
        json.writeStringProperty("descriptor", task.descriptor());
        json.writeBooleanProperty("static", task.isStatic());
        json.writeStringProperty("queue", task.queue());
        json.writeNumberProperty("timeout", task.timeoutMillis());
        json.writeNumberProperty("softTimeout", task.softTimeoutMillis());
        json.writeNumberProperty("attempts", task.attempts());
        json.writeStringProperty("onCrash", task.onCrash());
        json.writeObjectPropertyStart("retry");
        task.retry().toMap().forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ScheduleDeclaration schedule) {
        json.writeStartObject();
        json.writeStringProperty("name", schedule.name());
        json.writeStringProperty("task", schedule.task());
        json.writeStringProperty("queue", schedule.queue());
        json.writeStringProperty("cron", schedule.cron());
        json.writeNumberProperty("every", schedule.everyMillis());
        json.writeStringProperty("zone", schedule.zone());
        json.writeStringProperty("missed", schedule.missed());
        json.writeStringProperty("param", schedule.param());
        json.writeBooleanProperty("enabled", schedule.enabled());
        json.writeEndObject();
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
