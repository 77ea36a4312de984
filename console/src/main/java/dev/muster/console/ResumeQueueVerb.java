package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster tasks resume`: ends what `muster tasks pause` began.
@Command(name = "resume", description = "Hand out tasks of a paused queue again.")
final class ResumeQueueVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Parameters(paramLabel = "QUEUE", converter = QueueNameConverter.class, description = "The name of the queue.")
    private String queue = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            if (!broker.paused().contains(queue)) {
                throw new Refusal(
                        ExitCode.FAILED,
                        "the queue " + queue + " is not paused; paused are "
                                + (broker.paused().isEmpty() ? "none" : String.join(", ", broker.paused())));
            }
            broker.resume(queue);
        }
        out().println("resumed " + queue);
        return ExitCode.DONE.number();
    }
}
