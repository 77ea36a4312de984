package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.Signals;
import java.util.List;

/// The signals of the master. Handlers only enqueue; what a signal means is decided on the loop.
///
/// TERM and INT stop in order; a second INT, or another TERM two seconds after the first, stops at once; a third INT
/// ends the master with 130. HUP reloads the code. USR1 reopens the log files. TTIN and TTOU make one worker more or
/// fewer. PWR writes the status to the log. CONT wakes the loop, which sees that it was stopped and blames nobody for
/// the time in between. WINCH, which a terminal sends when its window changes, means nothing.
final class MasterSignals {
    private static final long IMPATIENT = 2_000_000_000L;

    private final MasterLoop loop;
    private final LogFiles log;
    private final Wishes wishes;
    private long firstAt;
    private int interrupts;

    /// What signals ask of the rest of the master; all on the loop.
    interface Wishes {
        /// Kill every child at once.
        void killAll();

        /// Load the code anew.
        void reload();

        /// One worker more, or one fewer: 1 or -1.
        void scale(int step);

        /// The state of the application, line by line.
        List<String> status();
    }

    MasterSignals(MasterLoop loop, LogFiles log, Wishes wishes) {
        this.loop = loop;
        this.log = log;
        this.wishes = wishes;
    }

    void install() {
        for (String signal : new String[] {"TERM", "HUP", "INT"}) {
            if (Signals.ignored(signal)) {
                log.master(
                        "WARN",
                        "SIG" + signal
                                + " was ignored when this master was started (nohup, or a shell's background job),"
                                + " and the virtual machine keeps it so: use 'muster stop'");
            }
            if (!signal.equals("HUP")) {
                Signals.handle(signal, () -> loop.execute(() -> stop(signal)));
            }
        }
        Signals.handle("HUP", () -> loop.execute(wishes::reload));
        Signals.handle("USR1", () -> loop.execute(log::reopen));
        Signals.handle("TTIN", () -> loop.execute(() -> scale("SIGTTIN: one worker more", 1)));
        Signals.handle("TTOU", () -> loop.execute(() -> scale("SIGTTOU: one worker fewer", -1)));
        Signals.handle("PWR", () -> loop.execute(() -> wishes.status().forEach(line -> log.master("INFO", line))));
        Signals.handle("CONT", () -> loop.post(new Event.Tick(System.nanoTime())));
        Signals.handle("WINCH", () -> {});
    }

    private void scale(String what, int step) {
        log.master("INFO", what);
        wishes.scale(step);
    }

    private void stop(String signal) {
        long now = System.nanoTime();
        boolean first = firstAt == 0;
        if (first) {
            firstAt = now;
        }
        boolean interrupt = signal.equals("INT");
        interrupts += interrupt ? 1 : 0;
        if (interrupt && interrupts >= 3) {
            log.master("WARN", "third interrupt: killing everything");
            wishes.killAll();
            log.close();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
        boolean fast = !first && (interrupt || now - firstAt >= IMPATIENT);
        log.master("INFO", "SIG" + signal + ": stopping" + (fast ? " at once" : ""));
        loop.post(new Event.StopAll(now, fast));
    }
}
