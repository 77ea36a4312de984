package dev.muster.supervise;

import dev.muster.supervise.Condemnation.Kind;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.Life.Pulse;

/// Watches the processes: beats, the deadlines of their work, and the limits of the states they are in.
final class Watch {
    private Watch() {}

    static void observed(Turn turn, Event.Observed e) {
        Slot slot = turn.slot(e.slot());
        if (!slot.concerns(e.life())) {
            return;
        }
        switch (slot.state()) {
            case RUNNING, SUSPECT, DRAINING, TERMINATING -> {
                Pulse before = slot.life().pulse();
                int missed = e.beat() == before.beat() ? before.missed() + 1 : 0;
                turn.put(slot.with(slot.life().with(new Pulse(e.beat(), missed, e.deadline()))));
                work(turn, e);
                if (turn.slot(e.slot()).state().active()) {
                    silence(turn, e, missed);
                }
            }
            case SPAWNING, STARTING, BOOTING, STUCK, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    private static void work(Turn turn, Event.Observed e) {
        if (e.deadline() == 0 || turn.now() < e.deadline() || !turn.verdictsAllowed()) {
            return;
        }
        String over = (turn.now() - e.deadline()) / 1_000_000 + " ms over its limit";
        String text = e.deadlineId().isEmpty() ? over : "task " + e.deadlineId() + " is " + over;
        turn.tell(Effect.Level.WARN, e.slot(), "hangs (" + text + "); taking a thread dump, then killing it");
        Ladder.condemn(turn, e.slot(), new Condemnation(Kind.DEADLINE, text, e.deadlineId()), e.halted(), true);
    }

    private static void silence(Turn turn, Event.Observed e, int missed) {
        int limit = turn.limits().silentObservations();
        Slot slot = turn.slot(e.slot());
        if (missed >= limit) {
            long seconds = missed * turn.limits().tick() / 1_000_000_000;
            Kind kind = e.halted() ? Kind.STOPPED : Kind.SILENT;
            String text = "no beat in " + missed + " observations (" + seconds + " s)"
                    + (e.halted() ? ", stopped by a signal" : "");
            turn.tell(Effect.Level.WARN, e.slot(), text + "; killing it");
            Ladder.condemn(turn, e.slot(), new Condemnation(kind, text, ""), e.halted(), true);
        } else if (missed >= limit / 2 && slot.state() == SlotState.RUNNING) {
            turn.put(slot.enter(SlotState.SUSPECT, turn.now(), 0));
        } else if (missed == 0 && slot.state() == SlotState.SUSPECT) {
            turn.put(slot.enter(SlotState.RUNNING, turn.now(), 0));
        }
    }

    /// Acts on every limit that is over by now.
    static void deadlines(Turn turn) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (slot.deadline() != 0 && turn.now() >= slot.deadline()) {
                over(turn, slot);
            }
            look(turn, turn.slot(i));
        }
    }

    /// A deadline seen on the board may be that of work that has ended since: look again before judging.
    private static void look(Turn turn, Slot slot) {
        Pulse pulse = slot.life().pulse();
        if (slot.state().live()
                && pulse.workDeadline() != 0
                && turn.now() >= pulse.workDeadline()
                && turn.verdictsAllowed()) {
            turn.put(slot.with(slot.life().with(new Pulse(pulse.beat(), pulse.missed(), 0))));
            turn.effect(new Effect.Inspect(slot.number(), slot.life().number()));
        }
    }

    private static void over(Turn turn, Slot slot) {
        int number = slot.number();
        switch (slot.state()) {
            case STARTING -> boot(turn, slot, false);
            case BOOTING -> boot(turn, slot, true);
            case DRAINING -> {
                turn.tell(
                        Effect.Level.WARN,
                        number,
                        "has not finished within " + turn.limits().drain() / 1_000_000 + " ms; sending SIGTERM");
                Ladder.terminate(turn, number);
            }
            case TERMINATING, STUCK -> Ladder.kill(turn, number);
            case KILLING, UNKILLABLE -> Ladder.unkillable(turn, number);
            case BACKOFF, QUARANTINE -> Refill.fill(turn, number);
            case STOPPED, SPAWNING, RUNNING, SUSPECT -> {}
        }
    }

    private static void boot(Turn turn, Slot slot, boolean spoken) {
        long limit = spoken ? turn.limits().boot() : turn.limits().hello();
        String text = (spoken ? "not ready" : "no word") + " within " + limit / 1_000_000 + " ms of its start";
        turn.tell(Effect.Level.WARN, slot.number(), text + "; killing it");
        if (slot.life().order() == Order.NONE) {
            Ladder.condemn(turn, slot.number(), new Condemnation(Kind.BOOT, text, ""), false, spoken);
        } else {
            Ladder.kill(turn, slot.number());
        }
    }
}
