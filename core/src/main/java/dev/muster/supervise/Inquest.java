package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Keeps with a death that nobody ordered what explains it: the crash report of its virtual machine if there is one,
/// else a file with its last log lines.
///
/// **Threads:** belongs to the master's loop; files are written on the threads that it is given, and what they bring to
/// light is added to the death on the loop. **Failure:** a file that cannot be written leaves the death without one.
final class Inquest {
    private static final int LOG_LINES = 200;
    private static final List<String> TELLING =
            List.of("Terminating due to java.lang.OutOfMemoryError", "user code called System.exit");

    private final MasterLoop loop;
    private final LogPump pump;
    private final Dumps dumps;
    private final DeathLog deaths;
    private final Executor threads;
    private final List<Runnable> waiting = new ArrayList<>();
    private int open;

    Inquest(MasterLoop loop, LogPump pump, Dumps dumps, DeathLog deaths, Executor threads) {
        this.loop = loop;
        this.pump = pump;
        this.dumps = dumps;
        this.deaths = deaths;
        this.threads = threads;
    }

    /// Begins to explain a death, when everything that the process printed was read.
    ///
    /// @param bornIn the slot under which its output is known
    /// @param lastWords whether the child had said why it ends
    /// @return the death to be kept: it names the file, which is complete when [#settled(Runnable)] says so
    Death explain(Death death, int bornIn, int life, boolean lastWords) {
        if (death.pid() == 0 || !death.dump().isEmpty() || expected(death, lastWords)) {
            return death;
        }
        Path crash = dumps.crashReport(death.pid());
        boolean crashed = Files.exists(crash);
        Path file = crashed ? crash : dumps.place(death.name(), life);
        List<String> lines = EvidenceTaker.of(death.pid(), pump.tail(bornIn, LOG_LINES));
        Death explained = death.explained(detail(death, lines), file.toString());
        try {
            threads.execute(() -> {
                Death complete = crashed ? crashed(explained, file, lines) : written(explained, life, file, lines);
                loop.execute(() -> close(explained, complete));
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // There are no more threads to be had: nobody will write the file.
            return explained.explained(explained.detail(), "");
        }
        open++;
        return explained;
    }

    /// Runs this on the loop when every death that is known by now has its file.
    void settled(Runnable then) {
        if (open == 0) {
            then.run();
        } else {
            waiting.add(then);
        }
    }

    private void close(Death before, Death after) {
        deaths.replace(before, after);
        open--;
        if (open == 0) {
            List<Runnable> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(Runnable::run);
        }
    }

    /// Whether this end was ordered, or is what the process had announced as its regular one.
    private static boolean expected(Death death, boolean lastWords) {
        ExitReason reason = death.reason();
        return reason == ExitReason.REQUESTED
                || reason == ExitReason.RECYCLE
                || reason == ExitReason.CLEAN && lastWords;
    }

    private static String detail(Death death, List<String> lines) {
        for (String line : death.detail().isEmpty() ? lines.reversed() : List.<String>of()) {
            for (String telling : TELLING) {
                if (line.contains(telling)) {
                    return line.substring(line.indexOf(telling));
                }
            }
        }
        return death.detail();
    }

    private Death crashed(Death death, Path report, List<String> lines) {
        String summary = CrashReport.summary(report);
        boolean _ = dumps.adopt(report);
        dumps.append(report, "\n\nadded by the master: last lines of its log\n" + text(lines));
        dumps.prune(report);
        return summary.isEmpty() ? death : death.explained(summary, death.dump());
    }

    private Death written(Death death, int life, Path wanted, List<String> lines) {
        Path file = dumps.make(wanted);
        if (file == null) {
            file = dumps.create(death.name(), life);
        }
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "what   %s (slot %d, life %d, pid %d)%nwhen   %s%nwhy    %s%n",
                death.name(),
                death.slot(),
                life,
                death.pid(),
                Dumps.now(),
                death.explained(death.detail(), "").sentence()));
        Path heap = dumps.heapDump(death.pid());
        if (Files.exists(heap)) {
            text.append("heap   ").append(heap).append('\n');
        }
        text.append("\nlast lines of its log\n").append(text(lines));
        dumps.append(file, text.toString());
        dumps.prune(file);
        return death.explained(death.detail(), file == null ? "" : file.toString());
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "(it has printed nothing)\n" : String.join("\n", lines) + "\n";
    }
}
