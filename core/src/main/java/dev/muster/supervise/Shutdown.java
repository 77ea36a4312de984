package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.control.ExitCode;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.SupervisorState.Phase;
import org.jspecify.annotations.Nullable;

/// How everything ends: what only waits at once, then role after role, in the opposite order of the start, each process
/// by the ladder; when the time for the whole is over, SIGKILL for what still lives; and in any case the end of the
/// master.
final class Shutdown {
    private Shutdown() {}

    static void order(Turn turn, boolean fast) {
        if (turn.phase() == Phase.ENDED) {
            return;
        }
        if (turn.phase() != Phase.STOPPING) {
            turn.phase(Phase.STOPPING);
            turn.effect(new Effect.StopBegun());
            turn.stopBy(
                    turn.now() + turn.limits().shutdownDelay() + turn.limits().stop());
        }
        if (fast) {
            turn.stopBy(Math.min(turn.stopBy(), turn.now()));
        }
    }

    /// Nothing could boot: end at once, with the reason.
    static void hopeless(Turn turn, Slot slot, ExitCode code) {
        turn.phase(Phase.ENDED);
        for (int i = 0; i < turn.size(); i++) {
            for (Life life : turn.slot(i).lives()) {
                turn.effect(new Effect.Kill(life.number(), life.pid()));
            }
        }
        turn.effect(new Effect.Leave(
                code,
                slot.spec().name() + " failed to boot " + Failures.HOPELESS
                        + " times and nothing else became ready; its last words stand above"));
    }

    /// Takes the next step of a stop, if one is under way.
    static void advance(Turn turn) {
        if (turn.phase() != Phase.STOPPING) {
            return;
        }
        if (turn.now() < turn.stopBy() - turn.limits().stop()) {
            // Who asks for work to send here has been told not to; what still comes is done meanwhile.
            return;
        }
        boolean late = turn.now() >= turn.stopBy();
        Role stage = stage(turn);
        if (stage == null) {
            leave(turn, ExitCode.DONE, "stopped");
            return;
        }
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (slot.present() == null && slot.rest().state() != SlotState.STOPPED) {
                turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
            }
            for (Life life : slot.lives()) {
                boolean waits = slot.spec().spare() || life.equals(slot.heir());
                if (late) {
                    finish(turn, i, life);
                } else if (life.order() != Order.STOP && (waits || slot.spec().role() == stage)) {
                    Ladder.order(turn, i, life.number(), Order.STOP);
                }
            }
        }
        // What the kernel still holds so long after the last SIGKILL is left behind.
        if (late && turn.now() >= turn.stopBy() + 2 * turn.limits().kill()) {
            leave(turn, ExitCode.SYSTEM_RESOURCE, "stopped, but the kernel still holds a killed process");
        }
    }

    private static void finish(Turn turn, int number, Life life) {
        if (life.order() != Order.STOP) {
            turn.put(number, life.with(Order.STOP));
        }
        Ladder.kill(turn, number, life.number());
    }

    /// The last role in starting order that still has a live process; null if nothing lives.
    private static @Nullable Role stage(Turn turn) {
        Role last = null;
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            Role role = slot.spec().role();
            if (!slot.lives().isEmpty() && (last == null || role.compareTo(last) > 0)) {
                last = role;
            }
        }
        return last;
    }

    private static void leave(Turn turn, ExitCode code, String why) {
        turn.phase(Phase.ENDED);
        turn.effect(new Effect.Leave(code, why));
    }
}
