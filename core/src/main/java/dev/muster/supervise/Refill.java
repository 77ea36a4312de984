package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.control.Message.Verdict;
import dev.muster.supervise.Life.LastWords;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.Slot.History;

/// What follows a death, and how empty slots are filled: by the restart policy, the back-off, the quarantine and the
/// budget for spawning.
final class Refill {
    /// Exit code of the master when nothing could boot, and when the children refused their configuration.
    static final int NOTHING_BOOTED = 65;

    static final int CONFIGURATION = 78;

    /// So many failed boots of one slot end the application, if nothing in it was ever ready.
    static final int HOPELESS = 3;

    private Refill() {}

    static void start(Turn turn) {
        if (turn.phase() != SupervisorState.Phase.NEW) {
            return;
        }
        turn.phase(SupervisorState.Phase.RUNNING);
        // The first start is bounded by the number of slots; the budget is for what comes after it.
        for (int i = 0; i < turn.size(); i++) {
            spawn(turn, i);
        }
    }

    /// Spawns the slot's next process, or queues it for the budget.
    static void fill(Turn turn, int number) {
        if (turn.phase() != SupervisorState.Phase.RUNNING) {
            return;
        }
        Slot slot = turn.slot(number);
        if (turn.budget().available()) {
            turn.takeToken();
            spawn(turn, number);
        } else {
            SlotState waiting = slot.state() == SlotState.QUARANTINE ? SlotState.QUARANTINE : SlotState.BACKOFF;
            turn.put(slot.enter(waiting, turn.now(), turn.now() + turn.budget().untilNext()));
        }
    }

    private static void spawn(Turn turn, int number) {
        Slot slot = turn.slot(number);
        History history =
                slot.life().number() == 0 ? slot.history() : slot.history().restarted();
        Slot next = slot.with(slot.life().next(turn.now())).with(history);
        turn.put(next.enter(SlotState.SPAWNING, turn.now(), 0));
        turn.effect(new Effect.Spawn(number, next.life().number()));
    }

    static void spawnFailed(Turn turn, Event.SpawnFailed e) {
        Slot slot = turn.slot(e.slot());
        if (!slot.concerns(e.life()) || slot.state() != SlotState.SPAWNING) {
            return;
        }
        turn.effect(new Effect.Bury(
                e.slot(),
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
        if (slot.life().order() == Order.STOP) {
            turn.put(slot.enter(SlotState.STOPPED, turn.now(), 0));
            return;
        }
        // Not the fault of the application: a second at least, and no step towards quarantine.
        long delay = 1_000_000_000L + Backoff.delay(slot.spec().role(), 1, turn.random());
        turn.tell(
                Effect.Level.ALARM,
                e.slot(),
                "cannot be spawned: " + e.error() + "; trying again in " + delay / 1_000_000 + " ms");
        turn.put(slot.enter(SlotState.BACKOFF, turn.now(), turn.now() + delay));
    }

    static void exited(Turn turn, Event.Exited e) {
        Slot slot = turn.slot(e.slot());
        if (!slot.concerns(e.life())) {
            return;
        }
        Life life = slot.life();
        Autopsy autopsy = Autopsy.of(life, e);
        // A TERM from outside that it obeyed in order: the code 0 would hide who wanted its end.
        boolean obeyed = autopsy.reason() == ExitReason.SIGNAL && e.signal() == 0;
        turn.effect(new Effect.Bury(
                e.slot(),
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
                life.readyAt() != 0,
                life.bye() != null));
        if (turn.phase() != SupervisorState.Phase.RUNNING || !wanted(slot, autopsy, e)) {
            turn.put(slot.enter(SlotState.STOPPED, turn.now(), 0));
            return;
        }
        boolean counts = !autopsy.ordered() && (life.readyAt() == 0 || e.unitsDone() == 0);
        if (counts) {
            failed(turn, slot, autopsy);
        } else {
            Slot settled = settled(turn, slot);
            turn.put(settled.enter(SlotState.BACKOFF, turn.now(), 0));
            fill(turn, e.slot());
        }
    }

    private static String detail(Life life) {
        Condemnation cause = life.cause();
        if (cause != null) {
            return cause.text();
        }
        LastWords bye = life.bye();
        return bye == null ? "" : bye.detail();
    }

    private static boolean wanted(Slot slot, Autopsy autopsy, Event.Exited e) {
        LastWords bye = slot.life().bye();
        return switch (slot.life().order()) {
            case STOP -> false;
            case RESTART, KILL -> true;
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

    /// Failures are forgotten after a minute of work, a quarantine after three.
    private static Slot settled(Turn turn, Slot slot) {
        long readyAt = slot.life().readyAt();
        long worked = readyAt == 0 ? 0 : turn.now() - readyAt;
        History history = slot.history();
        if (worked >= Backoff.REFORMED || (worked >= Backoff.FORGOTTEN && !history.quarantined())) {
            return slot.with(history.cleared());
        }
        return slot;
    }

    /// Nothing was ever ready, and nothing is still at its first try.
    private static boolean hopeless(Turn turn, int dead) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (i != dead
                    && slot.spec().role() != Role.CONSOLE
                    && slot.state().live()
                    && slot.history().failures() == 0) {
                return false;
            }
        }
        return !turn.wasEverReady();
    }

    private static void failed(Turn turn, Slot dead, Autopsy autopsy) {
        Slot slot = settled(turn, dead);
        slot = slot.with(slot.history().failed(turn.now()));
        History history = slot.history();
        boolean booted = slot.life().readyAt() != 0;
        boolean console = slot.spec().role() == Role.CONSOLE;
        if (!booted && !console && history.failures() >= HOPELESS && hopeless(turn, slot.number())) {
            int code = autopsy.reason() == ExitReason.CONFIG ? CONFIGURATION : NOTHING_BOOTED;
            turn.put(slot.enter(SlotState.STOPPED, turn.now(), 0));
            Shutdown.hopeless(turn, slot, code);
            return;
        }
        long uptime = turn.now() - slot.life().spawnedAt();
        long delay;
        SlotState next;
        if (history.quarantined()) {
            next = SlotState.QUARANTINE;
            delay = Backoff.quarantine(turn.random());
            turn.tell(
                    Effect.Level.ALARM,
                    slot.number(),
                    "died " + history.failedAt().size()
                            + " times in 60 s without finishing any work; in quarantine, next" + " try in "
                            + delay / 1_000_000 + " ms");
        } else {
            next = SlotState.BACKOFF;
            boolean first = history.failures() == 1 && uptime >= Backoff.SETTLED;
            delay = first ? 0 : Backoff.delay(slot.spec().role(), history.failures(), turn.random());
            turn.tell(
                    Effect.Level.INFO,
                    slot.number(),
                    "restarts in " + delay / 1_000_000 + " ms (death " + history.failures() + " in a row)");
        }
        turn.put(slot.enter(next, turn.now(), Math.max(1, turn.now() + delay)));
        if (delay == 0) {
            fill(turn, slot.number());
        }
    }
}
