package dev.muster.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the time between an end and the next start goes, from the history that the master records of its only slot.
final class Phases {
    /// What happens until a process that is started then works.
    static final List<String> BOOT = List.of("Exited", "Spawned", "Greeted", "BecameReady", "TookUp");

    /// A part of the trial.
    ///
    /// @param from the instant before which nothing of it has happened: kill or limit
    /// @param to the instant of the next start
    record Span(long from, long to) {}

    private final List<String> events;
    private final Map<String, List<Long>> instants = new LinkedHashMap<>();

    /// @param trace the file of a master that has ended
    /// @param events what happens between the two, in its order
    Phases(Path trace, List<String> events) {
        this.events = events;
        try {
            for (String line : Files.readAllLines(trace)) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("event") && events.contains(words[1])) {
                    long now = Long.parseLong(words[2].substring("now=".length()));
                    boolean _ = instants.computeIfAbsent(words[1], _ -> new ArrayList<>())
                            .add(now);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + trace, e);
        }
    }

    /// Prints the median of each phase.
    void say(Report report, String first, String last, List<Span> spans) {
        Map<String, Samples> phases = new LinkedHashMap<>();
        for (Span span : spans) {
            long before = span.from;
            for (String event : events) {
                long at = firstAfter(event, span.from);
                phases.computeIfAbsent(event, _ -> new Samples()).add(at - before);
                before = at;
            }
            phases.computeIfAbsent(last, _ -> new Samples()).add(span.to - before);
        }
        String before = first;
        for (Map.Entry<String, Samples> phase : phases.entrySet()) {
            Samples samples = phase.getValue();
            report.say("phase | " + before + " -> " + phase.getKey() + " | p50 " + samples.millis(0.5) + " ms | p99 "
                    + samples.millis(0.99) + " ms");
            before = phase.getKey();
        }
    }

    private long firstAfter(String event, long instant) {
        for (long at : instants.getOrDefault(event, List.of())) {
            if (at >= instant) {
                return at;
            }
        }
        throw new IllegalStateException("the trace has no " + event + " after " + instant);
    }
}
