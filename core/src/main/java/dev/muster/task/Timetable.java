package dev.muster.task;

import dev.muster.scan.ScheduleDeclaration;
import dev.muster.schedule.Recurrence;
import dev.muster.task.Broker.NewTask;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Serves schedules: enqueues the tasks of the instants that have come, each instant once among all who serve the same
/// schedules from the same store. Any number may; the store decides who was first.
///
/// **Threads:** one. **Failure:** [BrokerException] if the store could not be asked; what was served by then is served,
/// and the next call goes on from there.
public final class Timetable {
    /// A last instant that lies further ahead was served by a node whose clock is wrong.
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private final List<Entry> entries;
    private final InstantSource clock;
    private boolean asked;

    private static final class Entry {
        final ScheduleDeclaration schedule;
        final Recurrence recurrence;
        final Missed missed;
        Instant served;

        Entry(ScheduleDeclaration schedule, Instant since) {
            this.schedule = schedule;
            this.recurrence = schedule.recurrence();
            this.missed = Missed.valueOf(schedule.missed());
            this.served = since;
        }
    }

    /// @param schedules only those that are enabled are served
    /// @param since from when on instants count, by the name of the schedule, if the store knows nothing of it
    /// @param clock the clock on the wall
    public Timetable(List<ScheduleDeclaration> schedules, Map<String, Instant> since, InstantSource clock) {
        this.clock = clock;
        this.entries = schedules.stream()
                .filter(ScheduleDeclaration::enabled)
                .map(schedule -> new Entry(schedule, Objects.requireNonNull(since.get(schedule.name()))))
                .toList();
    }

    /// Serves what has come.
    ///
    /// @return when the next instant of any schedule comes; [Instant#MAX] if none does
    public Instant serve(Coordination store) {
        if (!asked) {
            Map<String, Instant> fired = store.fired();
            for (Entry entry : entries) {
                Instant last = fired.get(entry.schedule.name());
                // Kept by the store: what it misses before it was ever served must outlive this process and its master.
                entry.served = last != null ? last : store.seen(entry.schedule.name(), entry.served);
                tellAhead(entry);
            }
            asked = true;
        }
        Instant next = Instant.MAX;
        for (Entry entry : entries) {
            Instant own = serve(entry, store);
            next = own.isBefore(next) ? own : next;
        }
        return next;
    }

    private Instant serve(Entry entry, Coordination store) {
        Instant now = clock.instant();
        Instant next = entry.recurrence.next(entry.served);
        if (next.isAfter(now)) {
            return next;
        }
        Instant second = entry.recurrence.next(next);
        if (!second.isAfter(now)) {
            // More than one: another node may have served them while this one could not.
            refresh(entry, store.fired());
        }
        List<Instant> due = entry.missed.due(entry.recurrence, entry.served, now);
        if (entry.recurrence.next(entry.served).isBefore(now.minus(Missed.LATE))) {
            tellMissed(entry, due.size());
        }
        for (Instant instant : due) {
            if (!store.fire(entry.schedule.name(), instant, task(entry.schedule, instant))) {
                refresh(entry, store.fired());
            }
            entry.served = later(entry.served, instant);
        }
        // What is skipped is over as if it had been served.
        for (Instant over : entry.recurrence.latest(entry.served, now, 1)) {
            entry.served = over;
        }
        return entry.recurrence.next(entry.served);
    }

    /// Another node may have served it meanwhile.
    private void refresh(Entry entry, Map<String, Instant> fired) {
        Instant last = fired.get(entry.schedule.name());
        if (last != null && last.isAfter(entry.served)) {
            entry.served = last;
            tellAhead(entry);
        }
    }

    private void tellAhead(Entry entry) {
        if (entry.served.isAfter(clock.instant().plus(AHEAD))) {
            log(
                    Level.WARNING,
                    "the schedule " + entry.schedule.name() + " was served or first seen at " + entry.served
                            + ", which lies ahead: the clock of this node or of another one is wrong; it goes"
                            + " on after that instant");
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static void tellMissed(Entry entry, int runs) {
        log(
                Level.INFO,
                "instants of the schedule " + entry.schedule.name() + " after " + entry.served
                        + " were missed; " + (runs == 0 ? "they are skipped" : "runs for them: " + runs)
                        + " (missed = " + entry.missed + ")");
    }

    /// The task of one instant. Its id says which.
    static NewTask task(ScheduleDeclaration schedule, Instant instant) {
        String id = "schedule:" + schedule.name() + ":" + instant.getEpochSecond();
        StringWriter message = new StringWriter();
        try (JsonGenerator json = MessageHead.JSON.createGenerator(ObjectWriteContext.empty(), message)) {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeStringProperty("task", schedule.task());
            if (!schedule.param().isEmpty()) {
                json.writeName("param");
                json.writeRawValue(schedule.param());
            }
            json.writeEndObject();
        }
        return new NewTask(id, schedule.queue(), message.toString(), Duration.ZERO, "");
    }

    private static void log(Level level, String text) {
        System.getLogger("dev.muster.task").log(level, text);
    }
}
