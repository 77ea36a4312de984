package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.task.Broker;
import dev.muster.task.Coordination;
import dev.muster.task.Coordination.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster nodes`: who shares the store of the tasks, and which process of the scope CLUSTER works where.
@Command(
        name = "nodes",
        description = "Show the nodes that share the store of the tasks, and the processes of the scope CLUSTER that"
                + " work on each. Works with the application down too.")
final class NodesVerb extends Verb {
    private static final String NODE = "node/";
    private static final String PROCESS = "process/";

    @Mixin
    private QueueOptions queues = new QueueOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    /// A node.
    ///
    /// @param note what its workers said about it
    /// @param until when it counts as gone unless it says that it is there
    /// @param processes of the scope CLUSTER that work there, each as APP/NAME#N
    record Row(String name, Json note, Instant until, List<String> processes) {}

    @Override
    public Integer call() {
        List<Row> rows;
        try (Broker broker = queues.open()) {
            Coordination coordination = broker.coordination();
            rows = rows(coordination.leases(NODE), coordination.leases(PROCESS));
        }
        if (json) {
            out().println(TasksJson.nodes(rows));
        } else {
            table(rows, Instant.now()).print(out());
        }
        return ExitCode.DONE.number();
    }

    static List<Row> rows(List<Lease> nodes, List<Lease> processes) {
        Map<String, Row> rows = new TreeMap<>();
        for (Lease lease : nodes) {
            rows.put(lease.holder(), new Row(lease.holder(), noteOf(lease), lease.until(), new ArrayList<>()));
        }
        for (Lease lease : processes) {
            // A node without workers has processes only, and is seen by these.
            rows.computeIfAbsent(lease.holder(), name -> new Row(name, noteOf(lease), lease.until(), new ArrayList<>()))
                    .processes()
                    .add(lease.name().substring(PROCESS.length()));
        }
        return List.copyOf(rows.values());
    }

    private static Json noteOf(Lease lease) {
        try {
            return Json.object(lease.note());
        } catch (IllegalArgumentException _) {
            return Json.object("{}");
        }
    }

    static Table table(List<Row> rows, Instant now) {
        Table table = new Table("HOST", "APP", ">MASTER", ">GONE IN", "WORKS HERE", "NODE");
        for (Row row : rows) {
            table.row(
                    Texts.orDash(row.note().text("host")),
                    Texts.orDash(row.note().text("app")),
                    row.note().number("master"),
                    Texts.duration(
                            Math.max(0, Duration.between(now, row.until()).toMillis())),
                    Texts.orDash(String.join(", ", row.processes())),
                    row.name());
        }
        return table;
    }
}
