package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A process that notes under which limits it runs, in its first run.
public final class Limited {
    private boolean noted;

    public static void main(String[] args) {
        Muster.run(Limited.class, args);
    }

    @UserProcess(name = "Limited", interval = 50)
    public void run() throws IOException {
        if (noted) {
            return;
        }
        noted = true;
        Ledger.note("heap", Long.toString(Runtime.getRuntime().maxMemory()));
        Ledger.note("files", line("Max open files"));
        Ledger.note("cpus", ofThreads("status", "Cpus_allowed_list:").toString());
        Ledger.note("nice", ofThreads("stat", "").toString());
        Ledger.note("oom", Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
    }

    /// A neighbour of the same role.
    @UserProcess(name = "Neighbour", interval = 50)
    public void live(ProcessContext process) {
        Ledger.note("neighbour", process.name());
    }

    private static String line(String start) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip().replaceAll(" +", " "))
                .findFirst()
                .orElse("");
    }

    /// The different values of all threads.
    private static Set<String> ofThreads(String file, String field) throws IOException {
        Set<String> values = new TreeSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                if (!Files.exists(thread)) {
                    continue;
                }
                String text = Files.readString(thread.resolve(file));
                values.add(
                        field.isEmpty()
                                ? text.substring(text.lastIndexOf(')') + 2).split(" ", -1)[16]
                                : text.lines()
                                        .filter(line -> line.startsWith(field))
                                        .findFirst()
                                        .orElseThrow()
                                        .substring(field.length())
                                        .strip());
            }
        }
        return values;
    }
}
