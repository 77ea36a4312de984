package dev.muster.console;

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

    @Parameters(paramLabel = "ID", description = "The id that enqueue printed.")
    private String id = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            TaskView task = broker.find(id)
                    .orElseThrow(() -> new Refusal(
                            ExitCode.FAILED,
                            "there is no task " + id + ": it was never accepted here, is done, or was deleted"));
            if (json) {
                out().println(TasksJson.task(task));
            } else {
                print(task);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(TaskView task) {
        out().println("id        " + task.id());
        out().println("queue     " + task.queue());
        out().println("state     " + task.state() + (task.reason().isEmpty() ? "" : " " + task.reason()));
        out().println("accepted  " + Instant.ofEpochMilli(task.acceptedAtEpochMillis()));
        out().println("changed   " + Instant.ofEpochMilli(task.changedAtEpochMillis()));
        out().println("attempts  " + task.attempts());
        out().println("crashes   " + task.crashes());
        if (!task.detail().isEmpty()) {
            out().println("detail    " + task.detail().strip().replace("\n", "\n          "));
        }
        task.history().forEach(line -> out().println("history   " + line));
        out().println("message   " + task.payload());
    }
}
