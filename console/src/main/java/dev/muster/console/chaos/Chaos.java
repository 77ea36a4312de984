package dev.muster.console.chaos;

import dev.muster.os.Signals;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// One run: every scenario as often as wished, then the storm, then the stop, each with a look at what is left.
///
/// **Threads:** the caller's, and the trickle of tasks. **Lifetime:** starts the application and stops it. **Failure:**
/// a scenario that is not as expected is noted and made good, and the next one follows; whatever happens, no process of
/// the application is left at the end.
public final class Chaos {
    private static final Duration STOP = Duration.ofSeconds(90);
    /// A master counts as started also when some of its processes need another try.
    private static final Duration WHOLE = Duration.ofMinutes(3);

    private static final Duration CRUMBS = Duration.ofSeconds(5);

    private final Stage stage;
    private final Plan plan;
    private final Consumer<String> say;
    private final Family family;
    private final List<String> complaints = new ArrayList<>();

    /// @param say progress for people
    public Chaos(Stage stage, Plan plan, Consumer<String> say) {
        this.stage = stage;
        this.plan = plan;
        this.say = say;
        this.family = new Family(stage.mark());
    }

    /// Kills the application as a whole, at any moment and from any thread.
    public void endAll() {
        family.signal(Signals.KILL);
    }

    /// Runs.
    ///
    /// @param out receives a line for each scenario and the account, or one JSON object
    /// @return whether all was as expected
    public boolean run(PrintWriter out, boolean json) {
        try (Workload work = new Workload(stage.broker())) {
            stage.start();
            work.start();
            Arena arena = new Arena(
                    stage,
                    work,
                    new Ledger(stage.home().resolve("ledger")),
                    new Orders(stage.home()),
                    family,
                    Arena.counted(stage.rows()),
                    new Random(plan.seed()),
                    say);
            long _ = arena.settle(WHOLE);
            Report report = new Report(plan.seed(), out, json);
            List<Result> results = scenarios(arena, report);
            arena.mend();
            say.accept("a storm of " + plan.storm().toSeconds() + " s");
            Storm.Outcome outcome =
                    new Storm(arena, Blow.storm(plan.seed(), plan.storm().toMillis())).run();
            complaints.addAll(outcome.complaints());
            stop(arena);
            return report.end(results, outcome, complaints);
        } finally {
            endAll();
            int _ = stage.stop(CRUMBS);
        }
    }

    private List<Result> scenarios(Arena arena, Report report) {
        List<Result> results = new ArrayList<>();
        for (Scenario scenario : plan.scenarios()) {
            Result result = tried(arena, scenario);
            report.scenario(result);
            results.add(result);
        }
        return results;
    }

    private Result tried(Arena arena, Scenario scenario) {
        List<Long> nanos = new ArrayList<>();
        try {
            for (int trial = 1; trial <= plan.trials(); trial++) {
                say.accept(scenario.name() + ": " + scenario.fault() + " (trial " + trial + ")");
                nanos.add(scenario.act().perform(arena));
            }
            return new Result(scenario, nanos, "");
        } catch (RuntimeException e) {
            String failure = e instanceof Unmet ? String.valueOf(e.getMessage()) : e.toString();
            say.accept(scenario.name() + " FAILED: " + failure);
            arena.mend();
            return new Result(scenario, nanos, failure);
        }
    }

    private void stop(Arena arena) {
        try {
            int code = stage.stop(STOP);
            Unmet.unless(code == 0, "the master ended with " + code + " when it was stopped at the end");
            Masters.nothingIsLeft(arena);
        } catch (Unmet e) {
            complaints.add(String.valueOf(e.getMessage()));
        }
    }
}
