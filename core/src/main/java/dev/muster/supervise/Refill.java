package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.Verdict;
import dev.muster.supervise.Life.LastWords;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.Slot.History;
import dev.muster.supervise.SupervisorState.Phase;

/// What follows a death, and how empty slots are filled: by a spare or a new process, as the restart policy, the
/// back-off, the quarantine and the budget for spawning allow.
final class Refill {
    /// Before a slot is tried again for want of room, not of budget.
    private static final long CROWDED = 1_000_000_000L;

    private Refill() {}

    static void start(Turn turn) {
        if (turn.phase() != Phase.NEW) {
            return;
        }
        turn.phase(Phase.RUNNING);
        // The first start is bounded by the number of slots; the budget is for what comes after it.
        for (int i = 0; i < turn.size(); i++) {
            spawn(turn, i);
        }
    }

    /// Gives an empty slot its next process: a spare, a new one, or one as soon as the budget allows it.
    static void fill(Turn turn, int number) {
        Slot slot = turn.slot(number);
        if (turn.phase() != Phase.RUNNING || slot.present() != null) {
            return;
        }
        int spare = Spares.find(turn, slot);
        if (spare >= 0) {
            Spares.move(turn, spare, number);
        } else if (affordable(turn)) {
            turn.takeToken();
            spawn(turn, number);
        } else {
            SlotState waiting = slot.rest().state() == SlotState.QUARANTINE ? SlotState.QUARANTINE : SlotState.BACKOFF;
            long pause = turn.budget().available() ? CROWDED : turn.budget().untilNext();
            turn.put(slot.resting(waiting, turn.now(), turn.now() + pause));
        }
    }

    /// Whether one more process may be spawned now. However many the kernel holds on to, there are never more than
    /// two for each slot and a few.
    static boolean affordable(Turn turn) {
        return turn.budget().available() && turn.population() < 2 * turn.size() + 4;
    }

    private static void spawn(Turn turn, int number) {
        Slot slot = turn.slot(number);
        Life life = Life.spawned(turn.nextLife(), slot.generation(), turn.now());
        turn.put(slot.present(life).with(slot.history().filled()));
        turn.effect(new Effect.Spawn(number, life.number(), life.generation()));
    }

    static void spawnFailed(Turn turn, Event.SpawnFailed e) {
        Slot holding = turn.holding(e.life());
        if (holding == null || turn.life(holding.number(), e.life()).state() != SlotState.SPAWNING) {
            return;
        }
        int number = holding.number();
        Life life = turn.life(number, e.life());
        turn.effect(new Effect.Bury(
                number,
                e.life(),
                0,
                ExitReason.SPAWN_FAILED,
                "",
                -1,
                0,
                0,
                e.error(),
                Verdict.ORDERED,
                "",
                false,
                false));
        boolean heir = holding.heir() != null && holding.heir().number() == e.life();
        Slot slot = holding.without(e.life());
        turn.put(slot);
        if (heir) {
            Succession.heirLost(turn, number, life, "cannot be spawned: " + e.error());
            return;
        }
        if (slot.present() != null) {
            return;
        }
        if (life.order() == Order.STOP) {
            turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
            return;
        }
        if (Succession.succeed(turn, number)
                || Reloading.presentLost(turn, number, life, "cannot be spawned: " + e.error())) {
            return;
        }
        // Not the fault of the application: a second at least, and no step towards quarantine.
        long delay = 1_000_000_000L + Backoff.delay(slot.spec().role(), 1, turn.random());
        turn.tell(
                Effect.Level.ALARM,
                number,
                "cannot be spawned: " + e.error() + "; trying again in " + delay / 1_000_000 + " ms");
        turn.put(slot.resting(SlotState.BACKOFF, turn.now(), turn.now() + delay));
    }

    static void exited(Turn turn, Event.Exited e) {
        Slot holding = turn.holding(e.life());
        if (holding == null) {
            return;
        }
        int number = holding.number();
        Life life = turn.life(number, e.life());
        Autopsy autopsy = Autopsy.of(life, e);
        bury(turn, number, life, autopsy, e);
        boolean present = holding.present() != null && holding.present().number() == e.life();
        boolean heir = holding.heir() != null && holding.heir().number() == e.life();
        turn.put(holding.without(e.life()));
        boolean counts = !autopsy.ordered() && (!life.booted() || e.unitsDone() == 0);
        if (heir) {
            Succession.heirLost(turn, number, life, autopsy.reason() + " " + detail(life));
        } else if (present) {
            follow(turn, number, life, autopsy, e, counts);
        } else if (counts) {
            // Another has its place already; what it did is remembered all the same.
            Slot slot = turn.slot(number);
            turn.put(slot.with(slot.history().failed(turn.now())));
        }
    }

    private static void bury(Turn turn, int number, Life life, Autopsy autopsy, Event.Exited e) {
        // A TERM from outside that it obeyed in order: the code 0 would hide who wanted its end.
        boolean obeyed = autopsy.reason() == ExitReason.SIGNAL && e.signal() == 0;
        turn.effect(new Effect.Bury(
                number,
                life.number(),
                life.pid(),
                autopsy.reason(),
                autopsy.kind(),
                obeyed ? -1 : e.code(),
                obeyed ? Autopsy.SIGTERM : e.signal(),
                turn.now() - life.spawnedAt(),
                obeyed ? "it obeyed" : detail(life),
                autopsy.verdict(),
                life.cause() == null ? "" : life.cause().guilty(),
                life.activated(),
                life.bye() != null));
    }

    private static String detail(Life life) {
        Condemnation cause = life.cause();
        if (cause != null) {
            return cause.text();
        }
        LastWords bye = life.bye();
        return bye == null ? "" : bye.detail();
    }

    /// The present process of a slot is gone.
    private static void follow(Turn turn, int number, Life life, Autopsy autopsy, Event.Exited e, boolean counts) {
        Slot slot = turn.slot(number);
        if (turn.phase() != Phase.RUNNING || !wanted(slot, life, autopsy, e)) {
            turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
            Life heir = slot.heir();
            if (heir != null) {
                Ladder.order(turn, number, heir.number(), Order.STOP);
            }
        } else if (Reloading.presentLost(turn, number, life, autopsy.reason() + " " + detail(life))) {
            return;
        } else if (counts && slot.heir() == null) {
            failed(turn, slot, life, autopsy);
        } else {
            Slot past = counts ? slot.with(slot.history().failed(turn.now())) : settled(turn, slot, life);
            turn.put(past.resting(SlotState.BACKOFF, turn.now(), 0));
            if (!Succession.succeed(turn, number)) {
                fill(turn, number);
            }
        }
    }

    private static boolean wanted(Slot slot, Life life, Autopsy autopsy, Event.Exited e) {
        LastWords bye = life.bye();
        return switch (life.order()) {
            case STOP -> false;
            case RESTART, KILL, RECYCLE, RELOAD -> true;
            case NONE -> {
                if (bye != null && bye.stay()) {
                    yield false;
                }
                RestartPolicy policy = slot.spec().restart();
                boolean clean = e.code() == 0 && autopsy.reason() != ExitReason.BOOT_FAIL;
                yield switch (policy) {
                    case ALWAYS -> true;
                    case ON_FAILURE -> !clean;
                    case NEVER -> false;
                };
            }
        };
    }

    /// With what the work of the process that has ended makes forgotten.
    private static Slot settled(Turn turn, Slot slot, Life life) {
        long worked = life.booted() ? turn.now() - life.vitals().ready() : 0;
        return slot.with(slot.history().with(slot.history().past().after(worked)));
    }

    /// Nothing was ever ready, and nothing is still at its first try.
    private static boolean hopeless(Turn turn, int dead) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            boolean counts = i != dead && slot.spec().role() != Role.CONSOLE;
            if (counts && slot.present() != null && slot.history().failures() == 0) {
                return false;
            }
        }
        return !turn.wasEverReady();
    }

    private static void failed(Turn turn, Slot dead, Life life, Autopsy autopsy) {
        Slot slot = settled(turn, dead, life);
        slot = slot.with(slot.history().failed(turn.now()));
        History history = slot.history();
        boolean console = slot.spec().role() == Role.CONSOLE;
        if (!life.booted() && !console && history.failures() >= Failures.HOPELESS && hopeless(turn, slot.number())) {
            ExitCode code = autopsy.reason() == ExitReason.CONFIG ? ExitCode.CONFIGURATION : ExitCode.NOTHING_BOOTED;
            turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
            Shutdown.hopeless(turn, slot, code);
            return;
        }
        long uptime = turn.now() - life.spawnedAt();
        boolean spare = Spares.find(turn, slot) >= 0;
        long delay = history.past().pause(slot.spec().role(), uptime, spare, turn.random());
        SlotState next;
        if (history.quarantined()) {
            next = SlotState.QUARANTINE;
            turn.tell(
                    Effect.Level.ALARM,
                    slot.number(),
                    "died " + history.past().at().size()
                            + " times in 60 s without finishing any work; in quarantine, next" + " try in "
                            + delay / 1_000_000 + " ms");
        } else {
            next = SlotState.BACKOFF;
            turn.tell(
                    Effect.Level.INFO,
                    slot.number(),
                    "restarts in " + delay / 1_000_000 + " ms (death " + history.failures() + " in a row)");
        }
        turn.put(slot.resting(next, turn.now(), Math.max(1, turn.now() + delay)));
        if (delay == 0) {
            fill(turn, slot.number());
        }
    }
}
