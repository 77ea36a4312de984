package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster tasks delete`: removes a task that nobody works on.
@Command(name = "delete", description = "Delete a task that is ready, scheduled or dead.")
final class DeleteTaskVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Parameters(paramLabel = "ID", description = "The id that enqueue printed.")
    private String id = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            if (!broker.delete(id)) {
                throw new Refusal(
                        ExitCode.FAILED,
                        "the task " + id + " was not deleted: there is none, or a worker has claimed it");
            }
        }
        out().println("deleted " + id);
        return ExitCode.DONE.number();
    }
}
