package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster why`: explains the state of a slot, or of a task.
@Command(
        name = "why",
        description =
                "Say why a slot is in the state that it is in: paused, backing off until when, being replaced, over"
                        + " which limit; and how its last process ended. Or why a task is: waiting for whom, until"
                        + " when, running where, dead of what.")
final class WhyVerb extends Verb {
    private static final QueueCounts NONE = new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0);

    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Parameters(index = "0", paramLabel = "SLOT|TASK", description = "Number or name of a slot, or the id of a task.")
    private String subject = "";

    @Option(names = "--check", description = "End with 5 unless the process of the slot is up.")
    private boolean check;

    @Override
    public Integer call() {
        Instance instance = queues.instance().known();
        List<Json> rows = instance.runs() ? Json.array(Control.ask(instance, "ps", Map.of(), this::say)) : List.of();
        Optional<Json> slot = rows.stream().filter(this::meant).findFirst();
        if (slot.isPresent()) {
            out().println(Control.ask(instance, "why", Map.of("slot", subject), this::say));
            String now = slot.get().text("task");
            if (!now.isEmpty()) {
                out().println("now: " + now);
            }
            boolean degraded = check && PsVerb.isDown(slot.get());
            return (degraded ? ExitCode.DEGRADED : ExitCode.DONE).number();
        }
        try (Broker broker = queues.open()) {
            TaskView task = broker.find(subject).orElseThrow(() -> unknown(instance, rows.isEmpty()));
            TaskReason reason = new TaskReason(Instant.now(), broker.paused(), rows, processes(instance));
            QueueCounts counts = broker.counts().getOrDefault(task.queue(), NONE);
            reason.of(task, counts, queues.mask(false)).forEach(out()::println);
        }
        return ExitCode.DONE.number();
    }

    private Refusal unknown(Instance instance, boolean down) {
        return down
                ? new Refusal(
                        ExitCode.NOT_RUNNING,
                        instance.name() + " is not running, so it has no slot " + subject
                                + "; and there is no task of that id: it was never accepted, is done, or was deleted")
                : new Refusal(
                        ExitCode.FAILED,
                        "there is no slot and no task " + subject
                                + "; 'muster ps' shows the slots, and a task is forgotten when it is done");
    }

    private static List<Json> processes(Instance instance) {
        Path file = instance.runDir().resolve("process-map.json");
        try {
            return Files.exists(file) ? Json.object(Files.readString(file)).list("processes") : List.of();
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(
                    ExitCode.FAILED, "cannot read the process map of the application from " + file + ": " + e);
        }
    }

    private boolean meant(Json row) {
        return row.text("name").equals(subject)
                || Long.toString(row.number("slot")).equals(subject);
    }
}
