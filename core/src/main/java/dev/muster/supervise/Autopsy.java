package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.control.Message.Verdict;
import dev.muster.supervise.Condemnation.Kind;
import dev.muster.supervise.Life.LastWords;
import dev.muster.supervise.Life.Order;
import java.util.Locale;

/// Says why a process ended, from what was ordered, what it said, and how the kernel reports its end. Pure.
///
/// Exit codes alone decide nothing that user code could imitate: those of Muster itself are ordinary errors unless the
/// child had said its last words.
///
/// @param reason in the words of `muster deaths`
/// @param kind for STUCK: deadline, silent, stopped or carriers; else empty
/// @param ordered whether somebody had ordered this end
/// @param verdict what the started tasks of the dead spend
record Autopsy(ExitReason reason, String kind, boolean ordered, Verdict verdict) {
    static final int SIGTERM = 15;

    private static final int SIGKILL = 9;

    static Autopsy of(Life life, Event.Exited exit) {
        ExitReason reason = reason(life, exit);
        Condemnation cause = life.cause();
        boolean outsideTerm = reason == ExitReason.SIGNAL && life.bye() != null && exit.signal() == 0;
        boolean ordered = life.order() != Order.NONE
                || reason == ExitReason.RECYCLE
                || reason == ExitReason.REQUESTED
                || outsideTerm;
        Verdict verdict;
        // A hook that went silent over its heartbeat has no guilty task: what it held pays like after any other death.
        boolean overdue = cause != null
                && cause.kind() == Kind.DEADLINE
                && !cause.guilty().isEmpty();
        if (overdue && reason == ExitReason.STUCK) {
            verdict = Verdict.DEADLINE;
        } else if (ordered && (reason == ExitReason.REQUESTED || reason == ExitReason.RECYCLE || outsideTerm)) {
            verdict = Verdict.ORDERED;
        } else {
            verdict = Verdict.CRASH;
        }
        String kind = reason == ExitReason.STUCK && cause != null
                ? cause.kind().name().toLowerCase(Locale.ROOT)
                : "";
        return new Autopsy(reason, kind, ordered, verdict);
    }

    private static ExitReason reason(Life life, Event.Exited exit) {
        Condemnation cause = life.cause();
        LastWords bye = life.bye();
        boolean killed = exit.signal() == SIGKILL;
        if (cause != null && killed) {
            return switch (cause.kind()) {
                case DEADLINE, SILENT, STOPPED, CARRIERS -> ExitReason.STUCK;
                case BOOT -> ExitReason.BOOT_FAIL;
                case PROTOCOL -> ExitReason.BAD_MESSAGE;
            };
        }
        if (exit.outOfMemory()) {
            return ExitReason.OOM;
        }
        if (exit.signal() != 0) {
            if (crash(exit.signal())) {
                return ExitReason.CRASH;
            }
            boolean ours = life.order() != Order.NONE && (killed || exit.signal() == SIGTERM);
            return ours ? ordered(life) : ExitReason.SIGNAL;
        }
        if (bye != null) {
            return life.order() != Order.NONE && exit.code() == 0 ? ordered(life) : bye.reason();
        }
        if (!life.booted()) {
            return ExitReason.BOOT_FAIL;
        }
        return exit.code() == 0 ? ExitReason.CLEAN : ExitReason.ERROR;
    }

    private static ExitReason ordered(Life life) {
        return life.order() == Order.RECYCLE ? ExitReason.RECYCLE : ExitReason.REQUESTED;
    }

    /// ILL, TRAP, ABRT, BUS, FPE, SEGV and SYS: raised by the process's own code, never by an operator.
    private static boolean crash(int signal) {
        return switch (signal) {
            case 4, 5, 6, 7, 8, 11, 31 -> true;
            default -> false;
        };
    }
}
