package dev.muster.console.chaos;

import java.time.Duration;
import java.util.List;

/// What a run is to do.
///
/// @param seed what makes it repeatable
/// @param storm how long the storm lasts; zero for none
/// @param faults the scenarios to try, in the order of [#names]
/// @param trials how often each is tried
public record Plan(long seed, Duration storm, List<String> faults, int trials) {
    /// The names of all scenarios.
    public static List<String> names() {
        return Scenario.all().stream().map(Scenario::name).toList();
    }

    /// All scenarios, one a line: name, rows of the fault list, fault.
    public static List<String> list() {
        return Scenario.all().stream()
                .map(scenario -> "%-15s %-6s %s".formatted(scenario.name(), scenario.rows(), scenario.fault()))
                .toList();
    }

    List<Scenario> scenarios() {
        return Scenario.all().stream()
                .filter(scenario -> faults.contains(scenario.name()))
                .toList();
    }
}
