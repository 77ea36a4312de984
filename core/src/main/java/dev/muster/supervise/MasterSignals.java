package dev.muster.supervise;

import dev.muster.os.Signals;
import java.util.function.IntConsumer;

/// The signals of the master. Handlers only enqueue; what a signal means is decided on the loop.
///
/// TERM and INT stop in order; a second one after two seconds stops at once; a third INT ends the master with 130. HUP
/// reloads, TTIN and TTOU make one worker more or less, USR1 reopens the log files.
final class MasterSignals {
    private static final int INTERRUPTED = 130;
    private static final long IMPATIENT = 2_000_000_000L;

    private final MasterLoop loop;
    private final LogFiles log;
    private final Runnable killAll;
    private final Runnable reload;
    private final IntConsumer step;
    private long firstAt;
    private int interrupts;

    /// @param step makes so many workers more
    MasterSignals(MasterLoop loop, LogFiles log, Runnable killAll, Runnable reload, IntConsumer step) {
        this.loop = loop;
        this.log = log;
        this.killAll = killAll;
        this.reload = reload;
        this.step = step;
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
        Signals.handle("HUP", () -> loop.execute(reload));
        Signals.handle("TTIN", () -> loop.execute(() -> step.accept(1)));
        Signals.handle("TTOU", () -> loop.execute(() -> step.accept(-1)));
        Signals.handle("USR1", () -> loop.execute(log::reopen));
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
            killAll.run();
            log.close();
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        boolean fast = !first && (interrupt || now - firstAt >= IMPATIENT);
        log.master("INFO", "SIG" + signal + ": stopping" + (fast ? " at once" : ""));
        loop.post(new Event.StopAll(now, fast));
    }
}
