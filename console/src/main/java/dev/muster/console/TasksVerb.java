package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Broker.QueueCounts;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster tasks`: the numbers of the queues, and the verbs on tasks below it.
@Command(
        name = "tasks",
        description =
                "Show the queues, pause and resume them, or enqueue, look at, retry, cancel and delete tasks. Works"
                        + " with the application down too.",
        subcommands = {
            EnqueueVerb.class,
            DeadTasksVerb.class,
            ShowTaskVerb.class,
            RetryTaskVerb.class,
            DeleteTaskVerb.class,
            CancelTaskVerb.class,
            PauseQueueVerb.class,
            ResumeQueueVerb.class
        })
final class TasksVerb extends Verb {
    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (Broker broker = queues.open()) {
            Map<String, QueueCounts> counts = broker.counts();
            if (json) {
                out().println(TasksJson.counts(counts, broker.paused(), broker.durability()));
            } else {
                table(counts).print(out());
                Set<String> paused = broker.paused();
                if (!paused.isEmpty()) {
                    say("paused: " + String.join(", ", paused) + "; 'tasks resume QUEUE' ends it");
                }
                say("durability: " + broker.durability());
            }
        }
        return ExitCode.DONE.number();
    }

    static Table table(Map<String, QueueCounts> counts) {
        Table table = new Table("QUEUE", ">READY", ">SCHEDULED", ">RUNNING", ">DONE", ">DEAD", ">RETRIED");
        counts.forEach((queue, count) -> row(table, queue, count));
        if (counts.size() != 1) {
            row(table, "total", total(counts));
        }
        return table;
    }

    /// The sum over all queues.
    static QueueCounts total(Map<String, QueueCounts> counts) {
        QueueCounts sum = new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0);
        for (QueueCounts count : counts.values()) {
            sum = new QueueCounts(
                    sum.accepted() + count.accepted(),
                    sum.ready() + count.ready(),
                    sum.scheduled() + count.scheduled(),
                    sum.running() + count.running(),
                    sum.done() + count.done(),
                    sum.dead() + count.dead(),
                    sum.deleted() + count.deleted(),
                    sum.retried() + count.retried());
        }
        return sum;
    }

    private static void row(Table table, String name, QueueCounts count) {
        table.row(name, count.ready(), count.scheduled(), count.running(), count.done(), count.dead(), count.retried());
    }
}
