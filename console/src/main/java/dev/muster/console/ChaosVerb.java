package dev.muster.console;

import dev.muster.config.Durations;
import dev.muster.console.chaos.Chaos;
import dev.muster.console.chaos.Plan;
import dev.muster.control.ExitCode;
import dev.muster.os.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster chaos`: an application of its own, every known fault, and a storm.
@Command(
        name = "chaos",
        description =
                "Start an application on a fresh directory, do to it what is known to break such applications, then"
                        + " let random events rain on it, and check that it converges, loses no task and leaves nothing"
                        + " behind. Ends with 0 if all was as expected.")
final class ChaosVerb extends Verb {
    private static final Duration LONGEST = Duration.ofHours(24);

    @Option(names = "--seed", paramLabel = "N", description = "Makes the events repeatable; default: random, printed.")
    private @Nullable Long seed;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long the random events last; 0 for none; default ${DEFAULT-VALUE}.")
    private String duration = "";

    @Option(
            names = "--faults",
            paramLabel = "NAME",
            split = ",",
            description = "Only these scenarios, or 'none'; default: all.")
    private List<String> faults = new ArrayList<>();

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "1",
            description = "How often each scenario is tried; default ${DEFAULT-VALUE}.")
    private int trials;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change the configuration of the application, for example pools.hands.instances=5.")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--list", description = "Only say which scenarios there are.")
    private boolean list;

    @Option(names = "--json", description = "The result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (list) {
            Plan.list().forEach(out()::println);
            return ExitCode.DONE.number();
        }
        Plan plan = plan();
        say("seed " + plan.seed());
        try (ChaosStage stage = ChaosStage.prepare(sets, this::say)) {
            say("everything is in " + stage.home());
            Chaos chaos = new Chaos(stage, plan, this::say);
            endOn("INT", chaos);
            endOn("TERM", chaos);
            boolean good = chaos.run(out(), json);
            return (good ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    private void endOn(String signal, Chaos chaos) {
        Signals.handle(signal, () -> {
            say("interrupted; killing the application");
            chaos.endAll();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        });
    }

    private Plan plan() {
        List<String> names = Plan.names();
        List<String> wanted = faults.isEmpty() ? names : faults.equals(List.of("none")) ? List.of() : faults;
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw usage("there is no scenario '" + name + "'; there are: " + String.join(", ", names));
            }
        }
        if (trials < 1) {
            throw usage("--trials " + trials + " must be 1 or more");
        }
        long chosen = seed == null ? ThreadLocalRandom.current().nextLong(1, Integer.MAX_VALUE) : seed;
        return new Plan(chosen, storm(), wanted, trials);
    }

    private Duration storm() {
        OptionalLong millis = Durations.parse(duration);
        if (millis.isEmpty() || millis.getAsLong() > LONGEST.toMillis()) {
            throw usage("--duration " + duration + " must be " + Durations.LEGAL + ", at most 24h");
        }
        return Duration.ofMillis(millis.getAsLong());
    }
}
