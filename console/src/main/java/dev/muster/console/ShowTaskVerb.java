package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Broker.TaskView;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster tasks show`: one task with its history.
@Command(name = "show", description = "Show one task with its message and its history.")
final class ShowTaskVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--reveal", description = "Show the values that are hidden because of tasks.secrets.")
    private boolean reveal;

    @Parameters(paramLabel = "ID", description = "The id that enqueue printed.")
    private String id = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            SecretMask mask = queues.mask(reveal);
            TaskView task = broker.find(id)
                    .orElseThrow(() -> new Refusal(
                            ExitCode.FAILED,
                            "there is no task " + id + ": it was never accepted here, is done, or was deleted"));
            if (json) {
                out().println(TasksJson.task(task, mask));
            } else {
                print(task, mask);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(TaskView task, SecretMask mask) {
        out().println("id        " + task.id());
        out().println("queue     " + task.queue());
        out().println("state     " + task.state() + (task.reason().isEmpty() ? "" : " " + task.reason())
                + (task.cancelled() ? ", cancelled: its worker is asked to end it" : ""));
        out().println("accepted  " + Instant.ofEpochMilli(task.acceptedAtEpochMillis()));
        out().println("changed   " + Instant.ofEpochMilli(task.changedAtEpochMillis()));
        out().println("attempts  " + task.attempts());
        out().println("crashes   " + task.crashes());
        if (task.priority() != 0) {
            out().println("priority  " + task.priority());
        }
        line("unique    ", task.unique());
        line("owner     ", task.owner());
        if (task.dueAtEpochMillis() != 0) {
            out().println("due       " + Instant.ofEpochMilli(task.dueAtEpochMillis()));
        }
        line("progress  ", mask.of(task.progress()));
        line("result    ", mask.of(task.result()));
        if (!task.detail().isEmpty()) {
            out().println("detail    " + mask.of(task.detail()).strip().replace("\n", "\n          "));
        }
        task.history().forEach(line -> out().println("history   " + mask.of(line)));
        out().println("message   " + mask.of(task.payload()));
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            out().println(name + value);
        }
    }
}
