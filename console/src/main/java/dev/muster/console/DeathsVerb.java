package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster deaths`: how processes ended.
@Command(name = "deaths", description = "Show how processes ended: the last 100 deaths of each slot, oldest first.")
final class DeathsVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "SLOT", description = "Number or name of a slot; default all.")
    private @Nullable String slot;

    @Override
    public Integer call() {
        Map<String, String> options = slot == null ? Map.of() : Map.of("slot", slot);
        String body = Control.ask(instance.running(), "deaths", options, this::say);
        if (json) {
            out().println(body);
        } else {
            table(Json.array(body)).print(out());
        }
        return ExitCode.DONE.number();
    }

    static Table table(List<Json> deaths) {
        Table table = new Table("TIME", ">SLOT", "NAME", "REASON", ">UPTIME", "TASK", "DUMP");
        for (Json death : deaths) {
            table.row(
                    death.text("at"),
                    death.number("slot"),
                    death.text("name"),
                    Texts.exit(death),
                    Texts.duration(death.number("uptimeMs")),
                    Texts.orDash(Texts.shortened(death.text("task"), 60)),
                    Texts.orDash(death.text("dump")));
        }
        return table;
    }
}
