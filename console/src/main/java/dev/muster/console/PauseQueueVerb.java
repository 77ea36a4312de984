package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `muster tasks pause`: has no task of a queue handed out any more.
@Command(
        name = "pause",
        description = "Pause a queue on all nodes: it accepts tasks and hands none out, until 'tasks resume'. Tasks"
                + " that run go on.")
final class PauseQueueVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Parameters(paramLabel = "QUEUE", converter = QueueNameConverter.class, description = "The name of the queue.")
    private String queue = "";

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            Set<String> known = broker.counts().keySet();
            if (!known.contains(queue)) {
                say("the store knows no queue " + queue + " yet; it has "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
            broker.pause(queue);
        }
        out().println("paused " + queue);
        return ExitCode.DONE.number();
    }
}
