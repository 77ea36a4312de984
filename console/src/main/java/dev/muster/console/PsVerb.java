package dev.muster.console;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster ps`: one row for each slot.
@Command(name = "ps", description = "Show the processes of a running application, one row a slot.")
final class PsVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--check", description = "End with 5 unless every process is up.")
    private boolean check;

    @Override
    public Integer call() {
        String body = Control.ask(instance.running(), "ps", Map.of(), this::say);
        List<Json> rows = Json.array(body);
        if (json) {
            out().println(body);
        } else {
            table(rows).print(out());
        }
        boolean degraded = rows.stream().anyMatch(PsVerb::isDown);
        return (check && degraded ? ExitCode.DEGRADED : ExitCode.DONE).number();
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
                    Texts.orDash(Texts.shortened(row.text("task"), 60)));
        }
        return table;
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
