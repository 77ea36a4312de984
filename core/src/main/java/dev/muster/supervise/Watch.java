package dev.muster.supervise;

import dev.muster.supervise.Condemnation.Kind;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.Life.Pulse;

/// Watches the processes: beats, carriers for their virtual threads, the deadlines of their work, and the limits of the
/// states they are in. What is counted are observations, so that a master that was itself frozen accuses nobody.
final class Watch {
    private Watch() {}

    static void observed(Turn turn, Event.Observed e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        switch (life.state()) {
            case READY, RUNNING, SUSPECT, STUCK, DRAINING, TERMINATING -> {
                Pulse before = life.pulse();
                boolean moved = e.beat() != before.beat();
                int missed = moved ? 0 : before.missed() + 1;
                int starved = e.starvedSince() == 0 ? 0 : before.starved() + (moved ? 1 : 0);
                boolean debugged = slot.spec().traits().debugged();
                long deadline = debugged || life.cause() != null ? 0 : e.deadline();
                turn.put(
                        slot.number(),
                        life.with(new Pulse(e.beat(), missed, starved, deadline, e.units(), e.timely())));
                if (life.cause() != null) {
                    Ladder.seen(turn, slot.number(), e.life());
                } else if (!debugged) {
                    judge(turn, slot.number(), e, missed, starved);
                }
            }
            case SPAWNING, STARTING, BOOTING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    private static void judge(Turn turn, int number, Event.Observed e, int missed, int starved) {
        work(turn, number, e);
        if (watched(turn.life(number, e.life()).state())) {
            silence(turn, number, e, missed);
        }
        // A beat shows every second observation that its process is well.
        int most =
                (int) Math.max(2, turn.limits().carriers() / (2 * turn.limits().tick()));
        if (watched(turn.life(number, e.life()).state()) && starved >= most) {
            String text = "no carrier for a virtual thread in " + starved + " beats; all carriers are busy or pinned";
            turn.tell(Effect.Level.WARN, number, text + "; killing it");
            Ladder.condemn(turn, number, e.life(), new Condemnation(Kind.CARRIERS, text, ""), e.halted(), true);
        }
    }

    private static boolean watched(SlotState state) {
        return state.active() || state == SlotState.READY;
    }

    private static void work(Turn turn, int number, Event.Observed e) {
        if (e.deadline() == 0 || turn.now() < e.deadline() || !turn.verdictsAllowed()) {
            return;
        }
        String over = (turn.now() - e.deadline()) / 1_000_000 + " ms over its limit";
        String text = e.deadlineId().isEmpty() ? over : "task " + e.deadlineId() + " is " + over;
        turn.tell(Effect.Level.WARN, number, "hangs (" + text + "); taking a thread dump, then killing it");
        Condemnation why = new Condemnation(Kind.DEADLINE, text, e.deadlineId());
        Ladder.condemn(turn, number, e.life(), why, e.halted(), true);
    }

    private static void silence(Turn turn, int number, Event.Observed e, int missed) {
        int limit = turn.limits().silentObservations();
        Life life = turn.life(number, e.life());
        if (missed >= limit) {
            long seconds = missed * turn.limits().tick() / 1_000_000_000;
            Kind kind = e.halted() ? Kind.STOPPED : Kind.SILENT;
            String text = "no beat in " + missed + " observations (" + seconds + " s)"
                    + (e.halted() ? ", stopped by a signal" : "");
            turn.tell(Effect.Level.WARN, number, text + "; killing it");
            Ladder.condemn(turn, number, e.life(), new Condemnation(kind, text, ""), e.halted(), true);
        } else if (missed >= limit / 2 && life.state() == SlotState.RUNNING) {
            turn.put(number, life.enter(SlotState.SUSPECT, turn.now(), 0));
        } else if (missed == 0 && life.state() == SlotState.SUSPECT) {
            turn.put(number, life.enter(SlotState.RUNNING, turn.now(), 0));
        }
    }

    /// Acts on every limit that is over by now.
    static void deadlines(Turn turn) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            Life present = slot.present();
            if (present == null && due(turn, slot.rest().deadline())) {
                Refill.fill(turn, i);
            }
            if (present != null) {
                limits(turn, i, present);
            }
            Life heir = slot.heir();
            if (heir != null) {
                limits(turn, i, heir);
            }
            for (Life life : slot.leaving()) {
                limits(turn, i, life);
            }
        }
    }

    private static boolean due(Turn turn, long deadline) {
        return deadline != 0 && turn.now() >= deadline;
    }

    /// What happens to one process may have changed or moved another meanwhile.
    private static void limits(Turn turn, int number, Life seen) {
        Life life = turn.slot(number).life(seen.number());
        if (life != null && due(turn, life.deadline())) {
            over(turn, number, life);
            life = turn.slot(number).life(seen.number());
        }
        if (life != null) {
            look(turn, number, life);
        }
    }

    /// A deadline seen on the board may be that of work that has ended since: look again before judging.
    private static void look(Turn turn, int number, Life life) {
        if (due(turn, life.pulse().workDeadline()) && turn.verdictsAllowed()) {
            turn.put(number, life.with(life.pulse().withoutDeadline()));
            turn.effect(new Effect.Inspect(life.number()));
        }
    }

    private static void over(Turn turn, int number, Life life) {
        switch (life.state()) {
            case STARTING -> boot(turn, number, life, false);
            case BOOTING -> boot(turn, number, life, true);
            case READY -> idle(turn, number, life);
            case DRAINING -> drained(turn, number, life);
            case STUCK -> Ladder.evidenced(turn, number, life.number());
            case TERMINATING -> Ladder.kill(turn, number, life.number());
            case KILLING, UNKILLABLE -> Ladder.unkillable(turn, number, life.number());
            case STOPPED, BACKOFF, QUARANTINE, SPAWNING, RUNNING, SUSPECT -> {}
        }
    }

    /// The time in which it was to finish is over.
    private static void drained(Turn turn, int number, Life life) {
        long work = life.pulse().workDeadline();
        if (life.cause() != null) {
            turn.tell(
                    Effect.Level.WARN,
                    number,
                    life.pulse().timely() + " of its other tasks have not ended within "
                            + turn.limits().drain() / 1_000_000 + " ms; killing it with them");
            Ladder.kill(turn, number, life.number());
        } else if (life.order() == Order.NONE && work > turn.now()) {
            // It retires by its own will: its work has limits of its own.
            turn.put(number, life.until(work + turn.limits().drain()));
        } else {
            turn.tell(
                    Effect.Level.WARN,
                    number,
                    "has not finished within " + turn.limits().drain() / 1_000_000 + " ms; sending SIGTERM");
            Ladder.terminate(turn, number, life.number());
        }
    }

    private static void boot(Turn turn, int number, Life life, boolean spoken) {
        if (turn.slot(number).spec().traits().debugged()) {
            turn.put(number, life.until(0));
            return;
        }
        long limit = (life.deadline() - life.spawnedAt()) / 1_000_000;
        String text = (spoken ? "not ready" : "no word") + " within " + limit + " ms of its start";
        turn.tell(Effect.Level.WARN, number, text + "; killing it");
        if (life.order() == Order.NONE) {
            Ladder.condemn(turn, number, life.number(), new Condemnation(Kind.BOOT, text, ""), false, spoken);
        } else {
            Ladder.kill(turn, number, life.number());
        }
    }

    private static void idle(Turn turn, int number, Life life) {
        if (turn.slot(number).spec().traits().debugged()) {
            turn.put(number, life.until(0));
            return;
        }
        String text = "has not taken up its work within " + turn.limits().activate() / 1_000_000 + " ms";
        turn.tell(Effect.Level.WARN, number, text + "; killing it");
        Ladder.condemn(turn, number, life.number(), new Condemnation(Kind.SILENT, text, ""), false, true);
    }
}
