package dev.muster.supervise;

import dev.muster.supervise.Life.Footprint;
import dev.muster.supervise.Life.Order;
import dev.muster.supervise.SupervisorState.Phase;

/// Replaces a process that works by a fresh one when it has done enough, is old, has grown, spends its time collecting
/// garbage, or says that it takes no tasks although some are ready: one process of a role at a time, the replacement
/// ready first, and between two units of work.
final class Recycler {
    /// A slot is recycled once in this time at most.
    static final long APART = 10_000_000_000L;

    /// After a replacement that did not become ready.
    static final long AFTER_FAILURE = 30_000_000_000L;

    /// A slot whose process takes no tasks is recycled for that once in this time at most: if a fresh one does no
    /// better, processes are not what is wrong.
    static final long STALLS_APART = 600_000_000_000L;

    /// Measurements in a row: a burst is no reason.
    static final int HOT = 3;

    /// A limit of memory must lie at least so much over what a fresh process needs.
    static final double MARGIN = 1.1;

    private Recycler() {}

    static void measured(Turn turn, Event.Measured e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (!life.booted()) {
            return;
        }
        Recycling limits = slot.spec().traits().recycling();
        Footprint before = life.footprint();
        long baseline = before.baseline() == 0 ? e.memory() : before.baseline();
        boolean hot = limits.gcPercent() != 0 && e.gcPercent() >= limits.gcPercent();
        Footprint now = new Footprint(baseline, e.memory(), e.gcPercent(), hot ? before.gcHot() + 1 : 0);
        life = life.with(now);
        turn.put(slot.number(), life);
        if (before.baseline() == 0 && refused(limits, baseline)) {
            turn.tell(
                    Effect.Level.ALARM,
                    slot.number(),
                    "is not recycled by memory: its limit of " + limits.memory() + " bytes lies under the "
                            + baseline + " bytes that it needs when it has just booted, and a tenth more; raise"
                            + " recycle." + slot.spec().role().word() + ".memory");
        }
        consider(turn, turn.slot(slot.number()), life);
    }

    static void stalled(Turn turn, Event.Stalled e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (e.reason().equals(life.stall())) {
            return;
        }
        turn.put(slot.number(), life.stalled(e.reason()));
        turn.tell(
                e.reason().isEmpty() ? Effect.Level.INFO : Effect.Level.ALARM,
                slot.number(),
                e.reason().isEmpty() ? "takes tasks again" : "is stalled: " + e.reason());
        consider(turn, turn.slot(slot.number()), turn.life(slot.number(), e.life()));
    }

    /// Whether a limit of memory cannot be kept by a fresh process.
    static boolean refused(Recycling limits, long baseline) {
        return limits.memory() != 0 && baseline != 0 && limits.memory() < baseline * MARGIN;
    }

    private static void consider(Turn turn, Slot slot, Life life) {
        Life present = slot.present();
        if (present == null
                || present.number() != life.number()
                || !present.state().active()) {
            return;
        }
        String why = reason(slot, present, turn.now());
        if (why.isEmpty() || !free(turn, slot)) {
            return;
        }
        if (Succession.bear(turn, slot.number(), slot.generation())) {
            Slot begun = turn.slot(slot.number());
            turn.put(begun.with(begun.history().recycled(turn.now())));
            turn.tell(Effect.Level.INFO, slot.number(), "is recycled: " + why);
        }
    }

    /// Why a process is to be replaced, empty if it is not.
    static String reason(Slot slot, Life life, long now) {
        Recycling limits = slot.spec().traits().recycling();
        Footprint print = life.footprint();
        long age = life.activated() ? now - life.vitals().activated() : 0;
        long units = Jitter.spread(limits.units(), life.number());
        long longest = Jitter.spread(limits.age(), life.number());
        if (units != 0 && life.pulse().units() >= units) {
            return "it has completed " + life.pulse().units() + " runs or tasks, its limit is " + units;
        }
        if (longest != 0 && age >= longest) {
            return "it has worked for " + age / 1_000_000 + " ms, its limit is " + longest / 1_000_000;
        }
        if (limits.memory() != 0 && print.memory() >= limits.memory() && !refused(limits, print.baseline())) {
            return "it uses " + print.memory() + " private bytes, its limit is " + limits.memory();
        }
        long last = slot.history().recycledAt();
        if (!life.stall().isEmpty() && (last == 0 || now - last >= STALLS_APART)) {
            return life.stall();
        }
        if (print.gcHot() >= HOT) {
            return "its collector used " + print.gcPercent() + " % of a processor in " + print.gcHot()
                    + " measurements in a row, its limit is " + limits.gcPercent();
        }
        return "";
    }

    private static boolean free(Turn turn, Slot slot) {
        if (turn.phase() != Phase.RUNNING || turn.reload() != null || slot.heir() != null) {
            return false;
        }
        long last = slot.history().recycledAt();
        if (last != 0 && turn.now() - last < APART) {
            return false;
        }
        for (int i = 0; i < turn.size(); i++) {
            Slot other = turn.slot(i);
            if (other.spec().role() == slot.spec().role() && recycling(other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean recycling(Slot slot) {
        if (slot.heir() != null) {
            return true;
        }
        for (Life life : slot.leaving()) {
            if (life.order() == Order.RECYCLE && life.state() != SlotState.UNKILLABLE) {
                return true;
            }
        }
        return false;
    }

    /// The replacement died before it was ready: the present process works on.
    static void heirLost(Turn turn, int number, String how) {
        Slot slot = turn.slot(number);
        turn.put(slot.with(slot.history().recycled(turn.now() + AFTER_FAILURE - APART)));
        turn.tell(
                Effect.Level.WARN,
                number,
                "is not recycled: its replacement did not become ready (" + how + "); next try in "
                        + AFTER_FAILURE / 1_000_000 + " ms");
    }
}
