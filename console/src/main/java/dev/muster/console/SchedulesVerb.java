package dev.muster.console;

import dev.muster.config.Durations;
import dev.muster.control.ExitCode;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.schedule.Recurrence;
import dev.muster.task.Broker;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `muster schedules`: which tasks are enqueued again and again, when next, and when last.
@Command(
        name = "schedules",
        description = "Show the schedules of an application: when each is due next, and which instant was served last."
                + " Works with the application down too.")
final class SchedulesVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    /// A schedule at this moment.
    ///
    /// @param next the next instant, null if it is not enabled or never comes
    /// @param last the last instant that was served by any node, null if none was
    record Line(
            ScheduleDeclaration schedule,
            @Nullable Instant next,
            @Nullable Instant last) {
        /// The moment of a schedule.
        static Line of(ScheduleDeclaration schedule, @Nullable Instant last, Instant now) {
            Recurrence recurrence = schedule.recurrence();
            Instant next = recurrence.next(last != null && last.isAfter(now) ? last : now);
            return new Line(schedule, schedule.enabled() && !next.equals(Instant.MAX) ? next : null, last);
        }
    }

    @Override
    public Integer call() {
        Instance known = instance.known();
        List<ScheduleDeclaration> schedules = read(known.runDir().resolve("process-map.json"));
        List<Line> lines = schedules.isEmpty() ? List.of() : lines(known, schedules);
        if (json) {
            out().println(json(lines));
        } else {
            table(lines).print(out());
        }
        if (!lines.isEmpty()) {
            idle(known);
        }
        return ExitCode.DONE.number();
    }

    private static List<Line> lines(Instance known, List<ScheduleDeclaration> schedules) {
        Map<String, Instant> fired;
        try (Broker broker = Brokers.open(known.settings())) {
            fired = broker.coordination().fired();
        }
        Instant now = Instant.now();
        return schedules.stream()
                .map(schedule -> Line.of(schedule, fired.get(schedule.name()), now))
                .toList();
    }

    /// Says so if nobody of this application serves them at the moment.
    private void idle(Instance known) {
        if (!known.runs()) {
            say(known.name() + " is not running here: it serves no schedules");
            return;
        }
        List<Json> slots = Json.array(Control.ask(known, "ps", Map.of(), _ -> {}));
        boolean workers = slots.stream()
                .anyMatch(slot -> List.of("task", "pool").contains(slot.text("role")) && slot.number("pid") > 0);
        if (!workers) {
            say(known.name() + " has no task worker and no pool worker: it serves no schedules");
        }
    }

    static List<ScheduleDeclaration> read(Path file) {
        try {
            List<ScheduleDeclaration> schedules = new ArrayList<>();
            for (Json schedule : Json.object(Files.readString(file)).list("schedules")) {
                Map<String, String> map = new HashMap<>();
                schedule.members().forEach((key, value) -> {
                    if (value != null) {
                        map.put(key, value.toString());
                    }
                });
                schedules.add(ScheduleDeclaration.of(map));
            }
            return schedules;
        } catch (NoSuchFileException e) {
            throw new Refusal(
                    ExitCode.NOT_RUNNING,
                    "no application has run here: " + file + " is missing; name another directory with --run-dir");
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(ExitCode.FAILED, "the schedules cannot be read from " + file + ": " + e);
        }
    }

    static Table table(List<Line> lines) {
        Table table = new Table("SCHEDULE", "TASK", "WHEN", "ZONE", "MISSED", "NEXT", "LAST");
        for (Line line : lines) {
            ScheduleDeclaration schedule = line.schedule();
            table.row(
                    schedule.name(),
                    schedule.task(),
                    when(schedule),
                    zone(schedule),
                    schedule.missed(),
                    schedule.enabled() ? local(schedule, line.next()) : "disabled",
                    local(schedule, line.last()));
        }
        return table;
    }

    /// Its expression, or its interval.
    static String when(ScheduleDeclaration schedule) {
        return schedule.cron().isEmpty() ? "every " + Durations.text(schedule.everyMillis()) : schedule.cron();
    }

    /// Its time zone, `-` for an interval.
    static String zone(ScheduleDeclaration schedule) {
        if (schedule.cron().isEmpty()) {
            return "-";
        }
        return schedule.zone().isEmpty() ? "UTC" : schedule.zone();
    }

    private static String local(ScheduleDeclaration schedule, @Nullable Instant instant) {
        if (instant == null) {
            return "-";
        }
        ZoneId zone = schedule.zone().isEmpty() ? ZoneOffset.UTC : Recurrence.zone(schedule.zone());
        return instant.atZone(zone).toOffsetDateTime().toString();
    }

    static String json(List<Line> lines) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (Line line : lines) {
                ScheduleDeclaration schedule = line.schedule();
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
                instant(json, "next", line.next());
                instant(json, "last", line.last());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void instant(JsonGenerator json, String name, @Nullable Instant instant) {
        if (instant == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, instant.toString());
        }
    }
}
