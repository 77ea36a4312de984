package dev.muster.system.schedule;

import dev.muster.system.apps.Ledger;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which instants the pools of `Timed` applications were given, from their ledgers.
///
/// @param directories of the applications
record Instants(List<Path> directories) {
    static Instants in(Path... directories) {
        return new Instants(List.of(directories));
    }

    /// Every one, in seconds since 1970; one that was given twice stands twice.
    List<Long> all(String schedule) {
        return lines().filter(line -> line.startsWith(schedule + ":"))
                .map(line -> Long.parseLong(line.substring(schedule.length() + 1)))
                .toList();
    }

    /// Each once, in order.
    TreeSet<Long> of(String schedule) {
        return new TreeSet<>(all(schedule));
    }

    private Stream<String> lines() {
        return directories.stream().flatMap(directory -> Ledger.texts(directory, "instants").stream());
    }
}
