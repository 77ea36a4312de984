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
///
/// Between evidence and kill stands another drain if one task of several is over its limit: the others are not to
/// blame, and those that end within the time of a drain end well.
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
            case DRAINING -> {
                // It retired by its own will, and had all the time that its work may take.
                if (before == Order.NONE && life.cause() == null) {
                    drain(turn, number, lifeNumber);
                }
            }
            case SPAWNING, STUCK, TERMINATING, KILLING, UNKILLABLE, STOPPED, BACKOFF, QUARANTINE -> {}
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
        if (spares(turn, turn.life(number, lifeNumber))) {
            turn.effect(new Effect.SendPause(lifeNumber));
        }
        boolean relieved = Succession.relieve(turn, number, lifeNumber, false);
        if (relieved) {
            turn.put(
                    number,
                    turn.life(number, lifeNumber)
                            .until(turn.now() + turn.limits().evidencePatient()));
        }
        turn.effect(new Effect.TakeEvidence(number, lifeNumber, life.pid(), why, halted, spoken, relieved));
    }

    /// The evidence of a hang is taken, or its time is over: the kill, unless others are to be spared for a while.
    static void evidenced(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        if (life.state() != SlotState.STUCK) {
            return;
        }
        long until = life.since() + turn.limits().drain();
        if (!spares(turn, life) || until <= turn.now()) {
            kill(turn, number, lifeNumber);
            return;
        }
        turn.tell(
                Effect.Level.INFO,
                number,
                "is killed when its " + life.pulse().timely() + " other tasks have ended, or in "
                        + (until - turn.now()) / 1_000_000 + " ms");
        turn.put(number, life.enter(SlotState.DRAINING, turn.now(), until));
    }

    /// The board has shown something new of a process whose end is decided: the kill, if nobody is spared by
    /// waiting.
    static void seen(Turn turn, int number, int lifeNumber) {
        Life life = turn.life(number, lifeNumber);
        if (life.state() == SlotState.DRAINING && !spares(turn, life)) {
            kill(turn, number, lifeNumber);
        }
    }

    /// Whether a process that is condemned for one task has others that may still end well. In one that does not
    /// beat nothing ends.
    private static boolean spares(Turn turn, Life life) {
        Condemnation cause = life.cause();
        return cause != null
                && cause.kind() == Condemnation.Kind.DEADLINE
                && !cause.guilty().isEmpty()
                && life.pulse().timely() > 0
                && life.pulse().missed() < turn.limits().silentObservations();
    }

    /// It takes up no more work by its own will: another process does that from now on, if possible, and it ends
    /// when its work has ended.
    static void retire(Turn turn, int number, int lifeNumber, String reason) {
        Life life = turn.life(number, lifeNumber);
        if (!life.state().active() || life.order() != Order.NONE) {
            return;
        }
        turn.tell(Effect.Level.INFO, number, "takes up no more work and is replaced: " + reason);
        turn.put(
                number,
                life.enter(
                        SlotState.DRAINING,
                        turn.now(),
                        turn.now() + turn.limits().drain()));
        boolean _ = Succession.relieve(turn, number, lifeNumber, false);
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
