package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.SupervisorState.Phase;
import org.jspecify.annotations.Nullable;

/// How one process follows another in a slot. A process that works gets its successor in one of three ways: an *heir*
/// boots beside it and takes its place when it is ready; a *spare*, or a fresh process, *relieves* it when its end is
/// decided but has not come; or the slot is filled after its death, see [Refill].
///
/// In an exclusive slot the successor takes up the work only when the predecessor does not run any more.
final class Succession {
    private static final String ENDLESS = "SIGKILL has no effect on it";

    private Succession() {}

    /// A process has booted.
    static void ready(Turn turn, int number, int lifeNumber) {
        Slot slot = turn.slot(number);
        if (is(slot.present(), lifeNumber)) {
            activate(turn, number);
        } else if (is(slot.heir(), lifeNumber)) {
            inherit(turn, number);
        }
    }

    private static boolean is(@Nullable Life life, int number) {
        return life != null && life.number() == number;
    }

    /// The present process takes up the work of its slot, if it is ready and the slot is to work.
    static void activate(Turn turn, int number) {
        Slot slot = turn.slot(number);
        Life present = slot.present();
        boolean works = !slot.spec().spare() && !slot.paused() && turn.phase() == Phase.RUNNING;
        if (present != null && present.state() == SlotState.READY && present.order() == Order.NONE && works) {
            turn.put(
                    number,
                    present.activated(turn.now(), turn.now() + turn.limits().activate()));
            turn.effect(new Effect.Activate(number, present.number()));
        }
    }

    /// The heir has booted: it takes the place of the present process, which is told to finish.
    static void inherit(Turn turn, int number) {
        Slot slot = turn.slot(number);
        Life heir = slot.heir();
        Life present = slot.present();
        if (heir == null || heir.state() != SlotState.READY || !heir.hopeful()) {
            return;
        }
        if (present == null) {
            succeed(turn, number);
            return;
        }
        Reload reload = turn.reload();
        Order order = reload != null && reload.concerns(slot) ? Order.RELOAD : Order.RECYCLE;
        if (present.order() == Order.NONE) {
            Ladder.order(turn, number, present.number(), order);
        }
        if (!slot.spec().exclusive()) {
            turn.put(turn.slot(number).vacated());
            succeed(turn, number);
        }
    }

    /// The present process is gone, or leaves: the heir has its place, booted or not.
    ///
    /// @return false if there is no heir, or its end is decided
    static boolean succeed(Turn turn, int number) {
        Slot slot = turn.slot(number);
        Life heir = slot.heir();
        if (heir == null) {
            return false;
        }
        if (!heir.hopeful()) {
            turn.put(slot.forsaken());
            return false;
        }
        turn.put(slot.heir(null)
                .present(heir)
                .generation(heir.generation())
                .with(slot.history().filled()));
        Reloading.promoted(turn, number, heir);
        activate(turn, number);
        return true;
    }

    /// The end of a process is decided, or has come but is not collected: lets another do its work now, if that is
    /// possible and the restart policy leaves no doubt.
    ///
    /// @param dead whether it does not run any more
    /// @return whether another process has its place
    static boolean relieve(Turn turn, int number, int lifeNumber, boolean dead) {
        Slot slot = turn.slot(number);
        Life life = slot.present();
        if (life == null || life.number() != lifeNumber || !replaceable(turn, slot, life, dead)) {
            return false;
        }
        Life heir = slot.heir();
        if (heir != null) {
            if (heir.state() != SlotState.READY || !heir.hopeful()) {
                return false;
            }
            turn.put(slot.vacated());
            return succeed(turn, number);
        }
        int spare = Spares.find(turn, slot);
        if (spare >= 0) {
            turn.put(slot.vacated());
            Spares.move(turn, spare, number);
            return true;
        }
        if (dead || failing(slot, life) || !Refill.affordable(turn)) {
            return false;
        }
        turn.put(slot.vacated());
        Refill.fill(turn, number);
        return true;
    }

    private static boolean replaceable(Turn turn, Slot slot, Life life, boolean dead) {
        boolean certain = life.order() == Order.RESTART
                || life.order() == Order.KILL
                || life.order() == Order.NONE && slot.spec().restart() == RestartPolicy.ALWAYS;
        boolean stays = life.bye() != null && life.bye().stay();
        return turn.phase() == Phase.RUNNING
                && life.activated()
                && certain
                && !stays
                && (dead || !slot.spec().exclusive())
                && (!failing(slot, life) || slot.history().failures() == 0);
    }

    /// Whether its death will count as a failure of the slot: more than one in a row must wait for the back-off.
    private static boolean failing(Slot slot, Life life) {
        return slot.history().quarantined()
                || life.order() == Order.NONE && life.pulse().units() == 0;
    }

    /// SIGKILL has no effect on it: the slot goes on without it.
    static void abandon(Turn turn, int number, int lifeNumber) {
        Slot slot = turn.slot(number);
        Life present = slot.present();
        Life heir = slot.heir();
        if (present != null && present.number() == lifeNumber) {
            boolean refill = turn.phase() == Phase.RUNNING && present.order() != Order.STOP;
            turn.put(slot.vacated().resting(refill ? SlotState.BACKOFF : SlotState.STOPPED, turn.now(), 0));
            if (refill && !succeed(turn, number) && !Reloading.presentLost(turn, number, present, ENDLESS)) {
                Refill.fill(turn, number);
            }
        } else if (heir != null && heir.number() == lifeNumber) {
            turn.put(slot.forsaken());
            heirLost(turn, number, heir, ENDLESS);
        }
    }

    /// The heir has died before it had the place. Without an order that is a reason to stay with the present
    /// process.
    static void heirLost(Turn turn, int number, Life heir, String how) {
        if (heir.order() != Order.NONE) {
            return;
        }
        Reload reload = turn.reload();
        boolean reloaded = reload != null
                && reload.concerns(turn.slot(number))
                && (reload.undone() || heir.generation() == reload.generation());
        if (reloaded) {
            Reloading.heirLost(turn, number, heir, how);
        } else {
            Recycler.heirLost(turn, number, how);
        }
    }

    /// Makes an heir for a slot: a spare if there is one, else a new process.
    ///
    /// @return false if there is neither a spare nor the means for a process now
    static boolean bear(Turn turn, int number, int generation) {
        Slot slot = turn.slot(number);
        int spare = generation == slot.generation() ? Spares.find(turn, slot) : -1;
        if (spare >= 0) {
            Life ready = Spares.take(turn, spare);
            turn.put(turn.slot(number).heir(ready));
            inherit(turn, number);
            return true;
        }
        if (!Refill.affordable(turn)) {
            return false;
        }
        turn.takeToken();
        Life heir = Life.spawned(turn.nextLife(), generation, turn.now());
        turn.put(slot.heir(heir));
        turn.effect(new Effect.Spawn(number, heir.number(), generation));
        return true;
    }
}
