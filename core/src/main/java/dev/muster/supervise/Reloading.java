package dev.muster.supervise;

import dev.muster.supervise.Life.Order;
import dev.muster.supervise.SupervisorState.Phase;
import java.util.HashMap;
import java.util.Map;

/// Replaces processes by such with another generation of the code, batch after batch: an heir for each slot, ready
/// before the old process is told to finish. The first heir that does not become ready undoes the whole: the slots that
/// have the new code already get the old one back in the same way.
///
/// The next batch begins when the old processes of the one before are gone, so that there are never more than two
/// generations of a slot, nor many more processes than slots.
final class Reloading {
    private Reloading() {}

    static void order(Turn turn, Event.Reload e) {
        if (turn.phase() != Phase.RUNNING || turn.reload() != null) {
            String why = turn.reload() == null ? "the application is not running" : "another reload is under way";
            turn.effect(new Effect.ReloadEnded(e.generation(), -1, 0, why));
            return;
        }
        turn.reload(Reload.of(e.generation(), e.scope()));
        include(turn);
    }

    /// Adds the slots that are to be replaced, also those that a scaling has filled with the code before since the
    /// order.
    private static void include(Turn turn) {
        Reload reload = turn.reload();
        if (reload == null || reload.undone()) {
            return;
        }
        Map<Integer, Integer> origins = new HashMap<>(reload.origins());
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            boolean wanted = slot.spec().traits().reloadable() && !slot.spec().spare() && !slot.stopped();
            if (wanted && in(slot, reload.scope())) {
                Integer _ = origins.putIfAbsent(i, slot.generation());
            }
        }
        if (origins.size() != reload.origins().size()) {
            turn.reload(reload.with(origins));
        }
    }

    private static boolean in(Slot slot, String scope) {
        return scope.isEmpty()
                || slot.spec().role().word().equals(scope)
                || slot.spec().group().equals(scope);
    }

    /// Takes the next steps of a reload, if one is under way.
    static void advance(Turn turn) {
        include(turn);
        Reload reload = turn.reload();
        if (reload == null) {
            return;
        }
        if (turn.phase() != Phase.RUNNING) {
            turn.reload(null);
            turn.effect(new Effect.ReloadEnded(reload.generation(), -1, 0, "the application is being stopped"));
            return;
        }
        int open = 0;
        int busy = 0;
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (reload.concerns(slot) && !arrived(slot, reload)) {
                open++;
                busy += moving(slot, reload.target(slot)) ? 1 : 0;
            }
        }
        if (open == 0) {
            end(turn, reload);
            return;
        }
        for (int i = 0; i < turn.size() && busy < reload.batch(); i++) {
            Slot slot = turn.slot(i);
            int target = reload.target(slot);
            boolean still = !arrived(slot, reload) && !moving(slot, target);
            // An older one that leaves yet would make it three generations.
            if (reload.concerns(slot) && still && !oldOnes(slot, slot.generation())) {
                begin(turn, slot, target);
                busy++;
            }
        }
    }

    private static boolean arrived(Slot slot, Reload reload) {
        int target = reload.target(slot);
        boolean there = slot.generation() == target && slot.heir() == null && !oldOnes(slot, target);
        return slot.stopped() || there && !reload.trying(slot);
    }

    private static boolean moving(Slot slot, int target) {
        return slot.heir() != null || slot.generation() == target;
    }

    private static boolean oldOnes(Slot slot, int target) {
        for (Life life : slot.leaving()) {
            if (life.generation() != target && life.state() != SlotState.UNKILLABLE) {
                return true;
            }
        }
        return false;
    }

    private static void begin(Turn turn, Slot slot, int target) {
        if (slot.present() == null) {
            // It does not work now, so that nothing can be lost by trying the other code, nor be blamed on it.
            turn.put(slot.generation(target).with(slot.history().cleared()));
            Refill.fill(turn, slot.number());
        } else {
            boolean _ = Succession.bear(turn, slot.number(), target);
        }
    }

    /// The heir has the place of a process that has ended. Where that came before it had booted, the reload waits
    /// for it all the same: there was a process, and there is to be one.
    static void promoted(Turn turn, int number, Life heir) {
        Reload reload = turn.reload();
        boolean ours = reload != null
                && !reload.undone()
                && reload.concerns(turn.slot(number))
                && heir.generation() == reload.generation();
        if (reload != null && ours && !heir.booted()) {
            turn.reload(reload.promote(number));
        }
    }

    /// The present process of a slot is gone. If it was the first with the new code there, and never came up, the
    /// reload is undone, and the slot filled with the code before.
    ///
    /// @return whether that was so
    static boolean presentLost(Turn turn, int number, Life life, String how) {
        Reload reload = turn.reload();
        boolean trial = reload != null
                && !reload.undone()
                && reload.trying(turn.slot(number))
                && life.generation() == reload.generation()
                && !life.booted()
                && life.order() == Order.NONE;
        if (reload == null || !trial) {
            return false;
        }
        heirLost(turn, number, life, how);
        Slot slot = turn.slot(number);
        int before = reload.origins().getOrDefault(number, slot.generation());
        turn.put(slot.generation(before).with(slot.history().cleared()).resting(SlotState.BACKOFF, turn.now(), 0));
        Refill.fill(turn, number);
        return true;
    }

    /// An heir died before it was ready.
    static void heirLost(Turn turn, int number, Life heir, String how) {
        Reload reload = turn.reload();
        Slot slot = turn.slot(number);
        if (reload == null) {
            return;
        }
        if (heir.generation() != reload.generation()) {
            // The old code does not come up any more either: the slot goes on by its restart policy.
            turn.put(slot.generation(reload.target(slot)));
            Life present = slot.present();
            if (present != null) {
                Ladder.order(turn, number, present.number(), Order.RESTART);
            }
            return;
        }
        if (reload.undone()) {
            return;
        }
        String why = slot.spec().name() + " did not become ready with the new code: " + how;
        turn.tell(
                Effect.Level.ALARM,
                number,
                "did not become ready with the new code: " + how + "; the reload is undone, the code before goes on");
        turn.reload(reload.undo(number, heir.pid(), why));
        for (int i = 0; i < turn.size(); i++) {
            Life other = turn.slot(i).heir();
            if (other != null && other.generation() == reload.generation()) {
                Ladder.order(turn, i, other.number(), Order.STOP);
            }
        }
    }

    private static void end(Turn turn, Reload reload) {
        turn.reload(null);
        if (reload.undone()) {
            forget(turn, reload);
        } else {
            turn.generation(reload.generation());
        }
        Spares.converge(turn);
        turn.effect(new Effect.ReloadEnded(reload.generation(), reload.failed(), reload.pid(), reload.failure()));
    }

    /// Slots that were stopped meanwhile must not come back with the code that failed.
    private static void forget(Turn turn, Reload reload) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (reload.concerns(slot) && slot.generation() == reload.generation()) {
                turn.put(slot.generation(reload.target(slot)));
            }
        }
    }
}
