package dev.muster.task;

import dev.muster.control.Message.DeadWorker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import org.jspecify.annotations.Nullable;

/// One task of a dead worker, and what is known about it: from that follows its [TaskFate].
record LostAttempt(
        Claim claim, @Nullable String crashTimes, DeadWorker dead, Terms terms, boolean severalStarted, long now) {
    TaskFate fate() {
        boolean started = dead.started().contains(claim.id());
        boolean guilty = dead.blames(claim.id());
        if (!dead.startedKnown() && !started && !guilty) {
            return terms.onCrash() == OnCrash.DEAD
                    ? buried(DeadReason.CRASHED, "it may have been started", claim.crashes())
                    : new TaskFate.Untouched();
        }
        if (guilty) {
            return overdue();
        }
        if (!started) {
            return new TaskFate.Untouched();
        }
        if (terms.onCrash() == OnCrash.DEAD) {
            return buried(
                    DeadReason.CRASHED, "its worker died while it ran, and it must not run twice", claim.crashes());
        }
        return switch (dead.verdict()) {
            case CRASH -> crashed();
            case DEADLINE -> unharmed("went back: another task of its worker was killed at its deadline");
            case ORDERED -> unharmed("went back: its worker was ended by order");
        };
    }

    private TaskFate overdue() {
        String again = terms.again();
        if (again == null || terms.onCrash() == OnCrash.DEAD) {
            return buried(
                    DeadReason.DEADLINE,
                    "it ran longer than its limit and was killed with its process",
                    claim.crashes());
        }
        String line = "attempt " + (claim.attempts() + 1) + " was killed at its deadline (" + dead.reason() + dump()
                + "); again in " + terms.delay().toMillis() + " ms";
        return new TaskFate.Again(again, terms.delay(), line);
    }

    private TaskFate crashed() {
        StringBuilder times = new StringBuilder();
        int crashes = 1;
        for (String time : crashTimes == null ? new String[0] : crashTimes.split(",", -1)) {
            if (now - Long.parseLong(time) < TaskFate.CRASH_WINDOW) {
                times.append(time).append(',');
                crashes++;
            }
        }
        times.append(now);
        if (crashes >= TaskFate.CRASH_BUDGET) {
            return buried(
                    DeadReason.CRASHED, "its worker died while it ran, " + crashes + " times in 72 hours", crashes);
        }
        String line = "crash " + crashes + " of " + TaskFate.CRASH_BUDGET + " that end it"
                + (severalStarted ? ", runs alone next" : "");
        return new TaskFate.Tail(crashes, times.toString(), claim.alone() || severalStarted, line + cause());
    }

    private TaskFate unharmed(String line) {
        return new TaskFate.Tail(claim.crashes(), crashTimes, claim.alone(), line + cause());
    }

    private TaskFate buried(DeadReason reason, String why, int crashes) {
        String detail = why + " (" + dead.reason() + ")" + dump() + "; the worker was " + dead.incarnation();
        return new TaskFate.Buried(reason, detail, crashes);
    }

    private String cause() {
        return " (" + dead.reason() + dump() + ")";
    }

    private String dump() {
        return dead.dump().isEmpty() ? "" : ", dump " + dead.dump();
    }
}
