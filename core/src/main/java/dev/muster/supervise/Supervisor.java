package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.supervise.Life.LastWords;
import dev.muster.supervise.Life.Order;

/// Decides. A pure function: the same state and event give the same decision, so that millions of histories can be
/// walked through without a process, and a recorded one can be replayed.
///
/// This file maps each event to what it means for a slot; [Turn] holds what is changed meanwhile, [Ladder] how a
/// process is ended, [Refill] what follows a death, [Shutdown] how everything ends. An event that does not fit the
/// state, such as news of a process that is already reaped, changes nothing.
final class Supervisor {
    private Supervisor() {}

    static Decision decide(SupervisorState state, Event event) {
        Turn turn = new Turn(state, event.now());
        switch (event) {
            case Event.Started _ -> Refill.start(turn);
            case Event.Tick _ -> {}
            case Event.Spawned e -> spawned(turn, e);
            case Event.SpawnFailed e -> Refill.spawnFailed(turn, e);
            case Event.Greeted e -> greeted(turn, e);
            case Event.BecameReady e -> ready(turn, e);
            case Event.SaidBye e -> bye(turn, e);
            case Event.BrokeProtocol e -> brokeProtocol(turn, e);
            case Event.LostControl e -> lostControl(turn, e);
            case Event.Observed e -> Watch.observed(turn, e);
            case Event.EvidenceTaken e -> evidence(turn, e);
            case Event.Exited e -> Refill.exited(turn, e);
            case Event.StopAll e -> Shutdown.order(turn, e.fast());
            case Event.StopSlot e -> order(turn, e.slot(), Order.STOP);
            case Event.RestartSlot e -> order(turn, e.slot(), Order.RESTART);
            case Event.KillSlot e -> order(turn, e.slot(), Order.KILL);
        }
        Watch.deadlines(turn);
        Shutdown.advance(turn);
        return turn.decision();
    }

    private static void spawned(Turn turn, Event.Spawned e) {
        Slot slot = turn.slot(e.slot());
        if (slot.state() != SlotState.SPAWNING || slot.life().number() != e.life()) {
            return;
        }
        Slot born = slot.with(slot.life().withPid(e.pid()));
        turn.put(born.enter(
                SlotState.STARTING, turn.now(), turn.now() + turn.limits().hello()));
        if (born.life().order() != Order.NONE) {
            Ladder.kill(turn, e.slot());
        }
    }

    private static void greeted(Turn turn, Event.Greeted e) {
        Slot slot = turn.slot(e.slot());
        if (slot.concerns(e.life()) && slot.state() == SlotState.STARTING) {
            turn.put(slot.enter(
                    SlotState.BOOTING,
                    turn.now(),
                    slot.life().spawnedAt() + turn.limits().boot()));
        }
    }

    private static void ready(Turn turn, Event.BecameReady e) {
        Slot slot = turn.slot(e.slot());
        if (slot.concerns(e.life()) && slot.state() == SlotState.BOOTING) {
            turn.put(slot.with(slot.life().ready(turn.now())).enter(SlotState.RUNNING, turn.now(), 0));
            if (slot.spec().role() != Role.CONSOLE) {
                turn.everReady();
            }
            turn.tell(Effect.Level.INFO, e.slot(), "ready");
        }
    }

    private static void bye(Turn turn, Event.SaidBye e) {
        Slot slot = turn.slot(e.slot());
        if (!slot.concerns(e.life())) {
            return;
        }
        turn.put(slot.with(slot.life().with(new LastWords(e.reason(), e.detail(), e.stay()))));
        Ladder.leaving(turn, e.slot());
    }

    private static void lostControl(Turn turn, Event.LostControl e) {
        if (turn.slot(e.slot()).concerns(e.life())) {
            Ladder.leaving(turn, e.slot());
        }
    }

    private static void brokeProtocol(Turn turn, Event.BrokeProtocol e) {
        Slot slot = turn.slot(e.slot());
        if (slot.concerns(e.life()) && slot.life().cause() == null) {
            turn.tell(Effect.Level.WARN, e.slot(), "broke the control protocol (" + e.why() + "); killing it");
            turn.put(slot.with(slot.life().with(new Condemnation(Condemnation.Kind.PROTOCOL, e.why(), ""))));
            Ladder.kill(turn, e.slot());
        }
    }

    private static void evidence(Turn turn, Event.EvidenceTaken e) {
        Slot slot = turn.slot(e.slot());
        if (slot.concerns(e.life()) && slot.state() == SlotState.STUCK) {
            Ladder.kill(turn, e.slot());
        }
    }

    private static void order(Turn turn, int number, Order order) {
        Slot slot = turn.slot(number);
        if (slot.state().live()) {
            Ladder.order(turn, number, order);
        } else if (order == Order.STOP) {
            turn.put(slot.enter(SlotState.STOPPED, turn.now(), 0));
        } else if (turn.phase() == SupervisorState.Phase.RUNNING) {
            turn.put(slot.with(slot.history().cleared()));
            Refill.fill(turn, number);
        }
    }
}
