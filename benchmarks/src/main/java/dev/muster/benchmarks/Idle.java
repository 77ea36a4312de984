package dev.muster.benchmarks;

import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What an idle application costs: the memory of the processes of the demo without messages, and the processor time of
/// the demo with as many pool workers as make 20 slots: once as it is, where its user processes go on working every few
/// seconds, and once with user processes that wait.
///
/// Memory is the proportional set size (PSS): a page that several processes share counts in parts.
///
/// Options: `settle` (seconds before anything is looked at), `seconds` (how long the processor time is watched),
/// `slots`.
public final class Idle {
    private static final List<String> USER_PROCESS_NAMES =
            List.of("DataSyncProcess", "GracefulProcess", "Housekeeping.countUsers", "MonitoredProcess");
    private static final int USER_PROCESSES = USER_PROCESS_NAMES.size();
    private static final double MEGABYTE = 1e6;

    private final Options options;
    private final Report report;

    private Idle(Options options, Report report) {
        this.options = options;
        this.report = report;
    }

    public static void main(String[] args) {
        Options options = new Options(args, Map.of("settle", 30, "seconds", 60, "slots", 20));
        try (Application demo = new Application("idle-memory");
                Report report = new Report("idle-memory", options, demo.directory())) {
            new Idle(options, report).memory(demo);
        }
        for (boolean waiting : new boolean[] {true, false}) {
            String name = waiting ? "idle-cpu-waiting" : "idle-cpu-demo";
            try (Application large = new Application(name);
                    Report report = new Report(name, options, large.directory())) {
                new Idle(options, report).processor(large, waiting);
            }
        }
    }

    private void memory(Application demo) {
        demo.startDemo();
        settle();
        report.load();
        long master = demo.masterPid();
        report.say(String.format(
                Locale.ROOT,
                "idle memory | master | PSS %.1f MB | AOT cache %s",
                megabytes(master),
                Application.cached(master)));
        for (JsonNode row : demo.ps()) {
            long pid = row.get("pid").asLong();
            report.say(String.format(
                    Locale.ROOT,
                    "idle memory | %s %s | PSS %.1f MB | AOT cache %s",
                    row.get("role").asString(),
                    row.get("name").asString(),
                    megabytes(pid),
                    Application.cached(pid)));
        }
        demo.stop();
    }

    private static double megabytes(long pid) {
        return ProcFs.pssBytes(pid).orElseThrow() / MEGABYTE;
    }

    private void processor(Application large, boolean waiting) {
        int slots = options.number("slots");
        Application _ = large.set("pools.asynctask.instances", Integer.toString(slots - USER_PROCESSES));
        if (waiting) {
            for (String name : USER_PROCESS_NAMES) {
                Application _ = large.set("processes." + name + ".interval", "300000");
            }
        }
        large.startDemo();
        settle();
        report.load();
        List<Long> pids = new ArrayList<>(List.of(large.masterPid()));
        List<String> names = new ArrayList<>(List.of("master"));
        for (JsonNode row : large.ps()) {
            boolean _ = pids.add(row.get("pid").asLong());
            boolean _ = names.add(row.get("name").asString());
        }
        long start = System.nanoTime();
        List<Long> before = cpu(pids);
        Clock.await(start + Duration.ofSeconds(options.number("seconds")).toNanos());
        List<Long> after = cpu(pids);
        double millis = (System.nanoTime() - start) / 1e6;
        long sum = 0;
        for (int i = 0; i < pids.size(); i++) {
            long used = after.get(i) - before.get(i);
            sum += used;
            report.raw("process " + names.get(i) + " pid " + pids.get(i) + " CPU " + used + " ms");
        }
        report.say(String.format(
                Locale.ROOT,
                "idle CPU | %d slots and the master | user processes %s | %.0f s | %d ms | %.2f %% of one core",
                pids.size() - 1,
                waiting ? "wait" : "as in the demo",
                millis / 1e3,
                sum,
                100 * sum / millis));
        report.say(String.format(
                Locale.ROOT,
                "idle CPU | the master alone | %.2f %% of one core | PSS %.1f MB",
                100 * (after.getFirst() - before.getFirst()) / millis,
                megabytes(pids.getFirst())));
        large.stop();
    }

    private static List<Long> cpu(List<Long> pids) {
        List<Long> all = new ArrayList<>();
        for (long pid : pids) {
            boolean _ = all.add(ProcFs.stat(pid).map(ProcStat::cpuMillis).orElseThrow());
        }
        return all;
    }

    private void settle() {
        Clock.await(Duration.ofSeconds(options.number("settle")));
    }
}
