package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster tasks cancel`: ends a task that waits, or asks the worker that runs it to end it.
@Command(
        name = "cancel",
        description = "Cancel a task. One that waits ends at once as a dead letter with the reason CANCELLED. One that"
                + " runs is asked to end, and its process is killed if it does not.")
final class CancelTaskVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Parameters(paramLabel = "ID", description = "The id that enqueue printed.")
    private String id = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            switch (broker.cancel(id)) {
                case CANCELLED -> out().println("cancelled " + id);
                case ASKED -> out().println("asked the worker that runs " + id + " to end it");
                case NOT_FOUND ->
                    throw new Refusal(
                            ExitCode.FAILED,
                            "the task " + id + " was not cancelled: it was never accepted here, or has ended");
            }
        }
        return ExitCode.DONE.number();
    }
}
