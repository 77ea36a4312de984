package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Broker.TaskView;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster tasks dead`: the dead letters.
@Command(name = "dead", description = "Show dead letters, newest first, each with its reason.")
final class DeadTasksVerb extends Verb {
    private static final int PAYLOAD_LIMIT = 1_000;

    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(names = "--json", description = "As JSON; payloads are cut at 1,000 characters, 'tasks show' has all.")
    private boolean json;

    @Option(names = "--reveal", description = "Show the values that are hidden because of tasks.secrets.")
    private boolean reveal;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "100",
            description = "At most so many; default ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw usage("--limit " + limit + " must be 1 or more");
        }
        try (Broker broker = queues.open()) {
            List<TaskView> dead = broker.dead(limit);
            if (json) {
                out().println(TasksJson.tasks(dead, PAYLOAD_LIMIT, queues.mask(reveal)));
            } else {
                table(dead, queues.mask(reveal)).print(out());
            }
            long all = TasksVerb.total(broker.counts()).dead();
            if (all > dead.size()) {
                say("showing " + dead.size() + " of " + all + "; --limit N shows more");
            }
        }
        return ExitCode.DONE.number();
    }

    static Table table(List<TaskView> dead, SecretMask mask) {
        Table table = new Table("ID", "QUEUE", "DIED", "REASON", ">ATTEMPTS", ">CRASHES", "DETAIL", "MESSAGE");
        for (TaskView task : dead) {
            table.row(
                    task.id(),
                    task.queue(),
                    Instant.ofEpochMilli(task.changedAtEpochMillis()),
                    task.reason(),
                    task.attempts(),
                    task.crashes(),
                    Texts.orDash(Texts.shortened(firstLine(mask.of(task.detail())), 80)),
                    Texts.shortened(mask.of(task.payload()), 80));
        }
        return table;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
