package dev.muster.supervise;

import dev.muster.supervise.Life.Order;

/// How a process is ended: step by step, each with a time limit, the last of which nothing survives but a fault of the
/// kernel. An order starts at the first step that makes sense for the state; each step leads only downwards:
///
/// 1. drain: it is told to finish;
/// 2. terminate: SIGTERM;
/// 3. evidence: what it is doing is written down, where nobody ordered its end;
/// 4. kill: SIGKILL to the process and its group;
/// 5. the alarm that even this had no effect.
final class Ladder {
    private Ladder() {}

    /// Somebody ordered the end of a process.
    static void order(Turn turn, int number, int lifeNumber, Order order) {
        Life life = turn.life(number, lifeNumber);
        Order before = life.order();
        // A stop of the slot outlives a later restart or kill of the process: the slot was to stay empty.
        Order kept = before == Order.STOP && order != Order.RESTART ? before : order;
        turn.put(number, life.with(kept));
        if (order == Order.KILL) {
            kill(turn, number, lifeNumber);
            Succession.relieve(turn, number, lifeNumber, false);
            return;
        }
        switch (life.state()) {
            case READY, RUNNING, SUSPECT -> drain(turn, number, lifeNumber);
            case STARTING, BOOTING -> kill(turn, number, lifeNumber);
            case SPAWNING, STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    private static void drain(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        turn.put(
                number,
                life.enter(
                        SlotState.DRAINING,
                        turn.now(),
                        turn.now() + turn.limits().drain()));
        turn.effect(new Effect.SendStop(lifeNumber));
    }

    static void terminate(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        turn.put(
                number,
                life.enter(
                        SlotState.TERMINATING,
                        turn.now(),
                        turn.now() + turn.limits().term()));
        turn.effect(new Effect.Terminate(lifeNumber, life.pid()));
    }

    /// It said its last words, or closed its control connection: it ends by itself, and soon.
    static void leaving(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        switch (life.state()) {
            case STARTING, BOOTING, READY, RUNNING, SUSPECT, DRAINING ->
                turn.put(
                        number,
                        life.enter(
                                SlotState.TERMINATING,
                                turn.now(),
                                turn.now() + turn.limits().term()));
            case SPAWNING, STUCK, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    /// It hangs: have another process do its work if that is possible, take evidence, then kill it.
    static void condemn(Turn turn, int number, int lifeNumber, Condemnation why, boolean halted, boolean spoken) {
        Life life = turn.life(number, lifeNumber).with(why);
        turn.put(
                number,
                life.enter(
                        SlotState.STUCK, turn.now(), turn.now() + turn.limits().evidence()));
        boolean relieved = Succession.relieve(turn, number, lifeNumber, false);
        if (relieved) {
            turn.put(
                    number,
                    turn.life(number, lifeNumber)
                            .until(turn.now() + turn.limits().evidencePatient()));
        }
        turn.effect(new Effect.TakeEvidence(number, lifeNumber, life.pid(), why, halted, spoken, relieved));
    }

    static void kill(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        switch (life.state()) {
            case STARTING, BOOTING, READY, RUNNING, SUSPECT, STUCK, DRAINING, TERMINATING -> {
                turn.put(
                        number,
                        life.enter(
                                SlotState.KILLING,
                                turn.now(),
                                turn.now() + turn.limits().kill()));
                turn.effect(new Effect.Kill(lifeNumber, life.pid()));
            }
            case SPAWNING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
        }
    }

    /// SIGKILL had no effect for too long; it is sent again from time to time. The process cannot run any user code
    /// again before it dies, so that its slot may be filled.
    static void unkillable(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        if (life.state() == SlotState.KILLING) {
            turn.tell(
                    Effect.Level.ALARM,
                    number,
                    "pid " + life.pid() + " still exists " + turn.limits().kill() / 1_000_000
                            + " ms after SIGKILL: the kernel holds it (state D?); trying on");
        }
        turn.put(
                number,
                life.enter(
                        SlotState.UNKILLABLE,
                        turn.now(),
                        turn.now() + 4 * turn.limits().tick()));
        turn.effect(new Effect.Kill(lifeNumber, life.pid()));
        Succession.abandon(turn, number, lifeNumber);
    }
}
