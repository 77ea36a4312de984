package dev.muster.config;

import java.util.List;
import java.util.OptionalInt;

/// What each process of a role may use at most: `resources.ROLE.*`.
///
/// @param heap bytes of the largest heap, 0 if not set
/// @param openFiles descriptors, 0 if not set
/// @param cpus the processors it may run on, empty for all
/// @param nice its rank for processors, empty if not set
/// @param pids threads and processes in its control group, 0 for no limit
/// @param memory bytes of its control group, 0 for no limit
public record Resources(long heap, int openFiles, List<Integer> cpus, OptionalInt nice, int pids, long memory) {
    static final String SECTION = "resources";

    /// Copies the list.
    public Resources {
        cpus = List.copyOf(cpus);
    }

    static Resources of(Settings settings, String role) {
        return new Resources(
                settings.override(SECTION, role, "heap").map(Resources::bytes).orElse(0L),
                settings.override(SECTION, role, "openFiles")
                        .map(Integer::valueOf)
                        .orElse(0),
                settings.override(SECTION, role, "cpus")
                        .map(ValueType.Processors::parse)
                        .orElse(List.of()),
                settings.override(SECTION, role, "nice")
                        .map(nice -> OptionalInt.of(Integer.parseInt(nice)))
                        .orElse(OptionalInt.empty()),
                settings.override(SECTION, role, "pids").map(Integer::valueOf).orElse(0),
                settings.override(SECTION, role, "memory").map(Resources::bytes).orElse(0L));
    }

    static long bytes(String size) {
        return Sizes.parse(size).orElseThrow(() -> new IllegalArgumentException(size + " is not a size"));
    }

    /// Whether something is limited that only a control group can limit.
    public boolean needsGroup() {
        return pids > 0 || memory > 0;
    }
}
