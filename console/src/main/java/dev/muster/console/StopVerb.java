package dev.muster.console;

import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster stop`: ends the application and returns when its last process is gone, the master included.
@Command(name = "stop", description = "Stop the application in good order; returns when its last process is gone.")
final class StopVerb extends Verb {
    private static final Duration MASTER_END = Duration.ofSeconds(30);

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--now", description = "Kill its processes at once; their unfinished work is given back.")
    private boolean now;

    @Override
    public Integer call() {
        out().println(stop(instance.running(), now));
        return ExitCode.DONE.number();
    }

    private String stop(Instance application, boolean atOnce) {
        Optional<Identity> master = application.master();
        Map<String, String> options = atOnce ? Map.of("now", "true") : Map.of();
        String body;
        try {
            body = Control.ask(application, "stop", options, this::say);
        } catch (Refusal e) {
            if (e.exitCode() != ExitCode.FAILED.number()
                    || master.isEmpty()
                    || master.get().alive()) {
                throw e;
            }
            body = "stopped " + application.name();
        }
        if (master.isPresent() && !Gone.within(master.get(), MASTER_END)) {
            throw new Refusal(
                    ExitCode.TIMED_OUT,
                    "the processes of " + application.name() + " have ended, but its master (pid "
                            + master.get().pid() + ") has not within " + MASTER_END.toSeconds() + " s");
        }
        return body.isEmpty() ? "stopped " + application.name() : body;
    }
}
