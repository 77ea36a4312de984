package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.supervise.Life.LastWords;
import dev.muster.supervise.Life.Order;

/// Decides. A pure function: the same state and event give the same decision, so that millions of histories can be
/// walked through without a process, and a recorded one can be replayed.
///
/// This file maps each event to what it means for a process. [Turn] holds what is changed meanwhile, [Watch] judges
/// what is seen, [Ladder] ends a process, [Refill] follows a death, [Succession] lets one process follow another,
/// [Spares] keeps some in reserve, [Reloading], [Recycler] and [Scaling] replace and count them, [Shutdown] ends
/// everything. An event that does not fit the state, such as news of a process that is gone, changes nothing.
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
            case Event.Extended e -> extended(turn, e);
            case Event.BecameReady e -> ready(turn, e);
            case Event.TookUp e -> tookUp(turn, e);
            case Event.Quieted e -> Scaling.quieted(turn, e);
            case Event.Retiring e -> retiring(turn, e);
            case Event.Stalled e -> Recycler.stalled(turn, e);
            case Event.SaidBye e -> bye(turn, e);
            case Event.BrokeProtocol e -> brokeProtocol(turn, e);
            case Event.LostControl e -> lostControl(turn, e);
            case Event.Observed e -> Watch.observed(turn, e);
            case Event.Measured e -> Recycler.measured(turn, e);
            case Event.EvidenceTaken e -> evidence(turn, e);
            case Event.Died e -> died(turn, e);
            case Event.Exited e -> Refill.exited(turn, e);
            case Event.StopAll e -> Shutdown.order(turn, e.fast());
            case Event.StopSlot e -> order(turn, e.slot(), Order.STOP);
            case Event.RestartSlot e -> order(turn, e.slot(), Order.RESTART);
            case Event.KillSlot e -> order(turn, e.slot(), Order.KILL);
            case Event.Specified e -> Scaling.specified(turn, e.spec());
            case Event.Scaled e -> Scaling.scaled(turn, e);
            case Event.PauseSet e -> Scaling.pause(turn, e);
            case Event.Reload e -> Reloading.order(turn, e);
        }
        Watch.deadlines(turn);
        Reloading.advance(turn);
        Shutdown.advance(turn);
        return turn.decision();
    }

    private static void spawned(Turn turn, Event.Spawned e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.state() != SlotState.SPAWNING) {
            return;
        }
        long hello = turn.now() + turn.limits().hello();
        turn.put(slot.number(), life.withPid(e.pid()).enter(SlotState.STARTING, turn.now(), hello));
        if (life.order() != Order.NONE) {
            Ladder.kill(turn, slot.number(), e.life());
        }
    }

    private static void greeted(Turn turn, Event.Greeted e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.state() == SlotState.STARTING) {
            long end = life.spawnedAt() + turn.limits().boot();
            turn.put(slot.number(), life.enter(SlotState.BOOTING, turn.now(), Math.max(end, turn.now() + 1)));
        }
    }

    private static void extended(Turn turn, Event.Extended e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.state() != SlotState.BOOTING) {
            return;
        }
        long most = life.spawnedAt() + turn.limits().bootMost();
        long more = Math.max(0, Math.min(e.more(), turn.limits().bootMost()));
        long end = Math.min(most, Math.max(life.deadline(), turn.now() + more));
        turn.put(slot.number(), life.until(Math.max(end, turn.now() + 1)));
        turn.tell(
                Effect.Level.INFO,
                slot.number(),
                "boots on for up to " + (end - turn.now()) / 1_000_000 + " ms: " + e.reason());
    }

    private static void ready(Turn turn, Event.BecameReady e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.state() == SlotState.BOOTING) {
            turn.put(slot.with(life.ready(turn.now())).with(slot.history().ready()));
            if (slot.spec().role() != Role.CONSOLE) {
                turn.everReady();
            }
            turn.tell(Effect.Level.INFO, slot.number(), "ready");
            Succession.ready(turn, slot.number(), e.life());
        }
    }

    private static void tookUp(Turn turn, Event.TookUp e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.state() == SlotState.READY && life.activated()) {
            turn.put(slot.number(), life.enter(SlotState.RUNNING, turn.now(), 0));
        }
    }

    private static void retiring(Turn turn, Event.Retiring e) {
        Slot slot = turn.holding(e.life());
        if (slot != null) {
            Ladder.retire(turn, slot.number(), e.life(), e.reason());
        }
    }

    private static void bye(Turn turn, Event.SaidBye e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        turn.put(slot.number(), life.with(new LastWords(e.reason(), e.detail(), e.stay())));
        Ladder.leaving(turn, slot.number(), e.life());
    }

    private static void lostControl(Turn turn, Event.LostControl e) {
        Slot slot = turn.holding(e.life());
        if (slot != null) {
            Ladder.leaving(turn, slot.number(), e.life());
        }
    }

    private static void brokeProtocol(Turn turn, Event.BrokeProtocol e) {
        Slot slot = turn.holding(e.life());
        if (slot == null) {
            return;
        }
        Life life = turn.life(slot.number(), e.life());
        if (life.cause() == null) {
            turn.tell(Effect.Level.WARN, slot.number(), "broke the control protocol (" + e.why() + "); killing it");
            turn.put(slot.number(), life.with(new Condemnation(Condemnation.Kind.PROTOCOL, e.why(), "")));
            Ladder.kill(turn, slot.number(), e.life());
        }
    }

    private static void evidence(Turn turn, Event.EvidenceTaken e) {
        Slot slot = turn.holding(e.life());
        if (slot != null) {
            Ladder.evidenced(turn, slot.number(), e.life());
        }
    }

    private static void died(Turn turn, Event.Died e) {
        Slot slot = turn.holding(e.life());
        if (slot != null) {
            Succession.relieve(turn, slot.number(), e.life(), true);
        }
    }

    private static void order(Turn turn, int number, Order order) {
        Slot slot = turn.slot(number);
        if (order == Order.RESTART && turn.reload() == null) {
            // Who restarts a process by hand wants the newest code, also where a reload spares it.
            slot = slot.generation(turn.generation());
            turn.put(slot);
        }
        Life present = slot.present();
        if (order == Order.STOP && slot.heir() != null) {
            Ladder.order(turn, number, slot.heir().number(), order);
        }
        if (present != null) {
            Ladder.order(turn, number, present.number(), order);
        } else if (order == Order.STOP) {
            turn.put(slot.resting(SlotState.STOPPED, turn.now(), 0));
        } else if (turn.phase() == SupervisorState.Phase.RUNNING) {
            turn.put(slot.with(slot.history().cleared()));
            Refill.fill(turn, number);
        }
    }
}
