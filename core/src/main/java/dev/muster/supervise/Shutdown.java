package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.supervise.Life.Order;
import org.jspecify.annotations.Nullable;

/// How everything ends: role after role, in the opposite order of the start, each slot by the ladder; when the time for
/// the whole is over, SIGKILL for what still lives; and in any case the end of the master.
final class Shutdown {
    /// What the kernel still holds so long after the last SIGKILL is left behind.
    private static final int SYSTEM_RESOURCE = 71;

    private Shutdown() {}

    static void order(Turn turn, boolean fast) {
        if (turn.phase() == SupervisorState.Phase.ENDED) {
            return;
        }
        if (turn.phase() != SupervisorState.Phase.STOPPING) {
            turn.phase(SupervisorState.Phase.STOPPING);
            turn.stopBy(turn.now() + turn.limits().stop());
        }
        if (fast) {
            turn.stopBy(Math.min(turn.stopBy(), turn.now()));
        }
    }

    /// Nothing could boot: end at once, with the reason.
    static void hopeless(Turn turn, Slot slot, int exitCode) {
        turn.phase(SupervisorState.Phase.ENDED);
        for (int i = 0; i < turn.size(); i++) {
            Slot other = turn.slot(i);
            if (other.state().live()) {
                turn.effect(
                        new Effect.Kill(i, other.life().number(), other.life().pid()));
            }
        }
        turn.effect(new Effect.Leave(
                exitCode,
                slot.spec().name() + " failed to boot " + Refill.HOPELESS
                        + " times and nothing else became ready; its last words stand above"));
    }

    /// Takes the next step of a stop, if one is under way.
    static void advance(Turn turn) {
        if (turn.phase() != SupervisorState.Phase.STOPPING) {
            return;
        }
        boolean late = turn.now() >= turn.stopBy();
        Role stage = stage(turn);
        if (stage == null) {
            leave(turn, 0, "stopped");
            return;
        }
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (!slot.state().live()) {
                turn.put(slot.state() == SlotState.STOPPED ? slot : slot.enter(SlotState.STOPPED, turn.now(), 0));
            } else if (late) {
                finish(turn, slot);
            } else if (slot.spec().role() == stage && slot.life().order() != Order.STOP) {
                Ladder.order(turn, i, Order.STOP);
            }
        }
        if (late && turn.now() >= turn.stopBy() + 2 * turn.limits().kill()) {
            leave(turn, SYSTEM_RESOURCE, "stopped, but the kernel still holds a killed process");
        }
    }

    private static void finish(Turn turn, Slot slot) {
        if (slot.life().order() != Order.STOP) {
            turn.put(slot.with(slot.life().with(Order.STOP)));
        }
        Ladder.kill(turn, slot.number());
    }

    /// The last role in starting order that still has a live process; null if nothing lives.
    private static @Nullable Role stage(Turn turn) {
        Role last = null;
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (slot.state().live() && (last == null || slot.spec().role().compareTo(last) > 0)) {
                last = slot.spec().role();
            }
        }
        return last;
    }

    private static void leave(Turn turn, int code, String why) {
        turn.phase(SupervisorState.Phase.ENDED);
        turn.effect(new Effect.Leave(code, why));
    }
}
