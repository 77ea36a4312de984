package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster tasks enqueue`: accepts one message, or one a line of standard input.
@Command(
        name = "enqueue",
        description =
                "Accept the given message, or one a line of standard input (blank lines are skipped). Prints one id a"
                        + " line, each only when its message is kept. A line that cannot be parsed is kept as a dead"
                        + " letter.")
final class EnqueueVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "QUEUE",
            converter = QueueNameConverter.class,
            description = "For messages that do not name their queue; default tasks.queue of the application.")
    private @Nullable String queue;

    @Parameters(arity = "0..1", paramLabel = "JSON", description = "One message.")
    private @Nullable String message;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = queues.settings(System.getenv());
        String target = queue != null ? queue : settings.text("tasks.queue");
        try (Broker broker = Brokers.open(settings)) {
            if (message != null) {
                List<String> ids = broker.enqueue(List.of(NewTask.ofLine(message, target)));
                out().println(ids.getFirst());
                return ExitCode.DONE.number();
            }
            Enqueuer enqueuer = new Enqueuer(broker, target, lineLimit(settings), this::print);
            try {
                enqueuer.run(System.in);
            } catch (BrokerException | IOException e) {
                throw new Refusal(
                        ExitCode.FAILED,
                        e.getMessage() + "; " + enqueuer.kept()
                                + " messages were kept before it, their ids are printed,"
                                + " the rest of the input was not taken");
            }
        }
        return ExitCode.DONE.number();
    }

    private static int lineLimit(Settings settings) {
        return Math.toIntExact(Math.max(Enqueuer.LINE_LIMIT, settings.bytes("tasks.maxSize")));
    }

    /// Throws when nobody reads the ids any more: to go on would only hide which messages were kept.
    private void print(List<String> ids) {
        ids.forEach(out()::println);
        if (out().checkError()) {
            throw new Refusal(
                    ExitCode.FAILED,
                    "standard output was closed: the last " + ids.size()
                            + " messages are kept but their ids could not be printed, the rest of the input was not"
                            + " taken");
        }
    }
}
