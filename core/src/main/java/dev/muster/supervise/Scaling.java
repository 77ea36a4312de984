package dev.muster.supervise;

import dev.muster.supervise.Life.Order;
import dev.muster.supervise.SupervisorState.Phase;

/// How many slots of a group are filled, and whether they work.
final class Scaling {
    private Scaling() {}

    /// A slot has another specification, or is new. A new one stays empty until it is ordered to be filled.
    static void specified(Turn turn, ChildSpec spec) {
        if (spec.slot() < turn.size()) {
            turn.put(turn.slot(spec.slot()).with(spec));
        } else if (spec.slot() == turn.size()) {
            turn.add(spec, turn.generation());
            turn.put(turn.slot(spec.slot()).paused(pausedAlready(turn, spec)));
            turn.widenBudget();
        } else {
            throw new IllegalArgumentException(
                    "slot " + spec.slot() + " cannot be added: the next free number is " + turn.size());
        }
    }

    private static boolean pausedAlready(Turn turn, ChildSpec spec) {
        for (int i = 0; i < spec.slot(); i++) {
            Slot slot = turn.slot(i);
            if (slot.spec().group().equals(spec.group()) && !slot.spec().spare() && slot.paused()) {
                return true;
            }
        }
        return false;
    }

    static void scaled(Turn turn, Event.Scaled e) {
        if (turn.phase() != Phase.RUNNING) {
            return;
        }
        int filled = 0;
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (!slot.spec().group().equals(e.group()) || slot.spec().spare()) {
                continue;
            }
            if (filled++ >= e.instances()) {
                stop(turn, slot);
            } else if (slot.stopped()) {
                turn.put(slot.generation(turn.generation()).with(slot.history().cleared()));
                Refill.fill(turn, i);
            } else if (slot.present() != null && outgoing(slot.present())) {
                // It ends, and the slot is filled again.
                turn.put(i, slot.present().with(Order.RESTART));
            }
        }
    }

    /// Whether the slot would stay empty after this process.
    private static boolean outgoing(Life life) {
        return life.order() == Order.STOP || life.bye() != null && life.bye().stay();
    }

    private static void stop(Turn turn, Slot slot) {
        Life heir = slot.heir();
        if (heir != null) {
            Ladder.order(turn, slot.number(), heir.number(), Order.STOP);
        }
        Life present = slot.present();
        if (present != null) {
            Ladder.order(turn, slot.number(), present.number(), Order.STOP);
        } else {
            turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
        }
    }

    static void pause(Turn turn, Event.PauseSet e) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (!slot.spec().group().equals(e.group()) || slot.spec().spare() || slot.paused() == e.paused()) {
                continue;
            }
            turn.put(slot.paused(e.paused()));
            Life present = slot.present();
            if (present == null || present.order() != Order.NONE) {
                continue;
            }
            if (e.paused() && present.activated()) {
                turn.effect(new Effect.SendPause(present.number()));
            } else if (!e.paused() && present.state() == SlotState.READY) {
                Succession.activate(turn, i);
            } else if (!e.paused() && present.state().active()) {
                // It has not come to rest yet.
                turn.effect(new Effect.Activate(i, present.number()));
            }
        }
    }

    /// A paused process has finished its work.
    static void quieted(Turn turn, Event.Quieted e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (slot.paused() && life.state().active()) {
            turn.put(slot.number(), life.enter(SlotState.READY, turn.now(), 0));
        }
    }
}
