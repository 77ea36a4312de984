package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster ps`: one row for each slot, and on stderr one line about the whole.
@Command(name = "ps", description = "Show the processes of a running application, one row a slot.")
final class PsVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--check", description = "End with 5 if the application is degraded or not ready.")
    private boolean check;

    @Override
    public Integer call() {
        Instance application = instance.running();
        String body = Control.ask(application, "ps", Map.of(), this::say);
        Json health = Json.object(Control.ask(application, "health", Map.of(), this::say));
        List<Json> rows = Json.array(body);
        err().println(head(health, rows));
        err().flush();
        if (json) {
            out().println(body);
        } else {
            table(rows).print(out());
        }
        return (check && degraded(health) ? ExitCode.DEGRADED : ExitCode.DONE).number();
    }

    static boolean degraded(Json health) {
        return health.text("health").equals("DEGRADED") || !health.flag("ready");
    }

    /// One line about the whole: `Shop: DEGRADED, generation 1, 9 processes, up 3m00s; in trouble: Mail BACKOFF`.
    static String head(Json health, List<Json> rows) {
        long processes = rows.stream().filter(row -> row.number("pid") != 0).count();
        return health.text("app") + ": " + health.text("health")
                + (health.flag("ready") ? "" : ", not ready")
                + ", generation " + health.number("generation")
                + ", " + processes + (processes == 1 ? " process" : " processes")
                + ", up " + Texts.duration(health.number("uptimeMs"))
                + (health.text("reason").isEmpty() ? "" : "; " + health.text("reason"));
    }

    static Table table(List<Json> rows) {
        Table table = new Table(
                ">SLOT", "ROLE", "NAME", ">PID", ">GEN", "STATE", ">UPTIME", ">RESTARTS", ">RSS", "LAST EXIT", "TASK");
        for (Json row : rows) {
            table.row(
                    row.number("slot"),
                    row.text("role"),
                    row.text("name"),
                    row.number("pid") == 0 ? "-" : row.number("pid"),
                    row.number("generation"),
                    row.text("state"),
                    row.number("pid") == 0 ? "-" : Texts.duration(row.number("uptimeMs")),
                    row.number("restarts"),
                    Texts.size(row.number("rssBytes")),
                    Texts.exit(row.at("lastExit")),
                    Texts.orDash(Texts.shortened(row.text("task"), 60))
                            + backlog(row.number("backlog"))
                            + connections(row.number("connections")));
        }
        return table;
    }

    private static String backlog(long waiting) {
        return waiting == 0 ? "" : " (+" + waiting + " waiting)";
    }

    private static String connections(long count) {
        return count == 0 ? "" : count == 1 ? " (1 connection)" : " (" + count + " connections)";
    }

    /// A slot that stays empty because its process ended as it should is not down; a spare, or a process that is
    /// paused, is up when it is ready.
    static boolean isDown(Json row) {
        String reason = row.at("lastExit").text("reason");
        boolean over = row.number("pid") == 0 && (reason.equals("CLEAN") || reason.equals("REQUESTED"));
        boolean waits = row.flag("spare") || row.flag("paused");
        return !over && !row.text("state").equals(waits ? "READY" : "RUNNING");
    }
}
