package dev.muster.supervise;

import dev.muster.supervise.Life.Order;

/// How a process is ended: step by step, each with a time limit, the last of which nothing survives but a fault of the
/// kernel. An order starts at the first step that makes sense for the state; each step leads only downwards:
///
/// 1. drain: it is told to finish;
/// 2. terminate: SIGTERM;
/// 3. evidence: what it is doing is written down, where nobody ordered its end or it did not obey;
/// 4. kill: SIGKILL to the process and its group;
/// 5. the alarm that even this had no effect.
final class Ladder {
    private Ladder() {}

    /// Somebody ordered the end of a live process.
    static void order(Turn turn, int number, Order order) {
        Slot slot = turn.slot(number);
        Order before = slot.life().order();
        // A stop of the slot outlives a later restart or kill of the process: the slot was to stay empty.
        Order kept = before == Order.STOP && order == Order.KILL ? before : order;
        turn.put(slot.with(slot.life().with(kept)));
        if (order == Order.KILL) {
            kill(turn, number);
            return;
        }
        switch (slot.state()) {
            case RUNNING, SUSPECT -> drain(turn, number);
            case STARTING, BOOTING -> kill(turn, number);
            case SPAWNING, STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    private static void drain(Turn turn, int number) {
        Slot slot = turn.slot(number);
        turn.put(slot.enter(
                SlotState.DRAINING, turn.now(), turn.now() + turn.limits().drain()));
        turn.effect(new Effect.SendStop(number, slot.life().number()));
    }

    static void terminate(Turn turn, int number) {
        Slot slot = turn.slot(number);
        turn.put(slot.enter(
                SlotState.TERMINATING, turn.now(), turn.now() + turn.limits().term()));
        turn.effect(
                new Effect.Terminate(number, slot.life().number(), slot.life().pid()));
    }

    /// It said its last words, or closed its control connection: it ends by itself, and soon.
    static void leaving(Turn turn, int number) {
        Slot slot = turn.slot(number);
        switch (slot.state()) {
            case STARTING, BOOTING, RUNNING, SUSPECT, DRAINING ->
                turn.put(slot.enter(
                        SlotState.TERMINATING,
                        turn.now(),
                        turn.now() + turn.limits().term()));
            case SPAWNING, STUCK, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    /// It hangs, or did not obey: take evidence, then kill.
    static void condemn(Turn turn, int number, Condemnation why, boolean halted, boolean spoken) {
        Slot slot = turn.slot(number);
        turn.put(slot.with(slot.life().with(why))
                .enter(SlotState.STUCK, turn.now(), turn.now() + turn.limits().evidence()));
        turn.effect(new Effect.TakeEvidence(
                number, slot.life().number(), slot.life().pid(), why, halted, spoken));
    }

    static void kill(Turn turn, int number) {
        Slot slot = turn.slot(number);
        switch (slot.state()) {
            case STARTING, BOOTING, RUNNING, SUSPECT, STUCK, DRAINING, TERMINATING -> {
                turn.put(slot.enter(
                        SlotState.KILLING,
                        turn.now(),
                        turn.now() + turn.limits().kill()));
                turn.effect(new Effect.Kill(
                        number, slot.life().number(), slot.life().pid()));
            }
            case SPAWNING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    /// SIGKILL had no effect for too long; it is sent again from time to time.
    static void unkillable(Turn turn, int number) {
        Slot slot = turn.slot(number);
        if (slot.state() == SlotState.KILLING) {
            turn.tell(
                    Effect.Level.ALARM,
                    number,
                    "pid " + slot.life().pid() + " still exists "
                            + turn.limits().kill() / 1_000_000
                            + " ms after SIGKILL: the kernel holds it (state D?); trying on, the slot stays empty");
        }
        turn.put(slot.enter(
                SlotState.UNKILLABLE, turn.now(), turn.now() + 4 * turn.limits().tick()));
        turn.effect(new Effect.Kill(number, slot.life().number(), slot.life().pid()));
    }
}
