package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster tasks retry`: gives dead letters another life.
@Command(name = "retry", description = "Make a dead letter, or all of them, ready again with fresh budgets.")
final class RetryTaskVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(names = "--all", description = "All dead letters.")
    private boolean all;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The id of a dead letter.")
    private @Nullable String id;

    @Override
    public Integer call() {
        String only = id;
        if ((only == null) != all) {
            throw usage("give either the id of a dead letter or --all");
        }
        try (Broker broker = queues.open()) {
            if (only == null) {
                out().println(broker.retryAll() + " dead letters are ready again");
            } else if (broker.retry(only)) {
                out().println(only + " is ready again");
            } else {
                throw new Refusal(ExitCode.FAILED, "there is no dead letter " + only);
            }
        }
        return ExitCode.DONE.number();
    }
}
