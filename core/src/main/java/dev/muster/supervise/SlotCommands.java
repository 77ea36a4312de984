package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;

/// What an operator orders for one slot.
///
/// **Threads:** belongs to the master's loop.
final class SlotCommands {
    private static final long KILL_PATIENCE = 20_000_000_000L;

    private final MasterLoop loop;
    private final Roster roster;
    private final Workers workers;
    private final DeathLog deaths;
    private final EvidenceDesk evidence;
    private final TimeDesk time;

    SlotCommands(
            MasterLoop loop, Roster roster, Workers workers, DeathLog deaths, EvidenceDesk evidence, TimeDesk time) {
        this.loop = loop;
        this.roster = roster;
        this.workers = workers;
        this.deaths = deaths;
        this.evidence = evidence;
        this.time = time;
    }

    /// Runs this when every death that is known by now is explained.
    void explained(Runnable then) {
        evidence.settled(then);
    }

    private String name(int slot) {
        return roster.place(slot).name();
    }

    void stop(Caller caller, int slot) {
        loop.post(new Event.StopSlot(System.nanoTime(), slot));
        loop.await(
                state -> state.slots().get(slot).stopped()
                        && state.slots().get(slot).lives().isEmpty(),
                loop.state().limits().stop() + KILL_PATIENCE,
                down -> caller.reply(
                        down ? ExitCode.DONE : ExitCode.TIMED_OUT,
                        name(slot) + (down ? " stopped" : " does not stop")));
    }

    void kill(Caller caller, int slot) {
        Slot before = loop.state().slots().get(slot);
        Life present = before.present();
        if (present == null || present.pid() == 0) {
            caller.reply(ExitCode.FAILED, "no process lives in " + name(slot) + " (" + before.state() + ")");
            return;
        }
        int life = present.number();
        long pid = present.pid();
        loop.post(new Event.KillSlot(System.nanoTime(), slot));
        loop.await(
                state -> state.life(life) == null,
                KILL_PATIENCE,
                dead -> caller.reply(
                        dead ? ExitCode.DONE : ExitCode.TIMED_OUT,
                        dead
                                ? "killed " + name(slot) + " (pid " + pid + ")"
                                : name(slot) + " (pid " + pid + ") does not die: the kernel holds it"));
    }

    void restart(Caller caller, int slot) {
        Slot before = loop.state().slots().get(slot);
        Life present = before.present();
        int life = present == null ? 0 : present.number();
        int fills = before.history().fills();
        Limits limits = loop.state().limits();
        loop.post(new Event.RestartSlot(System.nanoTime(), slot));
        loop.await(
                state -> {
                    Slot now = state.slots().get(slot);
                    Life next = now.present();
                    boolean up = next != null
                            && next.number() != life
                            && (next.state() == SlotState.RUNNING || next.booted() && atRest(now));
                    boolean failed = next == null && now.history().fills() > fills;
                    return up || failed || state.phase() != SupervisorState.Phase.RUNNING;
                },
                limits.drain() + limits.term() + limits.boot() + KILL_PATIENCE,
                over -> restarted(caller, slot, over));
    }

    private static boolean atRest(Slot slot) {
        return slot.spec().spare() || slot.paused();
    }

    private void restarted(Caller caller, int slot, boolean over) {
        Slot now = loop.state().slots().get(slot);
        Life present = now.present();
        if (!over) {
            caller.reply(ExitCode.TIMED_OUT, name(slot) + " is not ready yet (" + now.state() + ")");
        } else if (present != null && present.booted()) {
            caller.reply(ExitCode.DONE, "restarted " + name(slot) + " (pid " + present.pid() + ")");
        } else {
            Death last = deaths.last(slot);
            String how = last == null ? now.state().name() : last.sentence();
            caller.reply(ExitCode.FAILED, name(slot) + " did not come up: " + how);
        }
    }

    void dump(Caller caller, int slot) {
        WorkerHandle worker = workers.of(loop.state().slots().get(slot))
                .map(Workers.Present::worker)
                .orElse(null);
        if (worker == null || worker.pid() == 0) {
            caller.reply(ExitCode.FAILED, "no process lives in " + name(slot));
            return;
        }
        evidence.dump(worker, (path, answered) -> {
            if (!answered) {
                caller.progress(name(slot) + " cannot answer; this is the evidence from the system");
            }
            caller.reply(ExitCode.DONE, path);
        });
    }

    void why(Caller caller, int slot) {
        String text = Why.of(loop.state(), slot, System.nanoTime());
        String outage = workers.of(loop.state().slots().get(slot))
                .map(present -> present.worker().outage())
                .orElse("");
        if (!outage.isEmpty()) {
            text += "\nit takes no tasks because of their store: " + outage;
        }
        String schedules = time.of(loop.state(), slot);
        if (!schedules.isEmpty()) {
            text += "\n" + schedules;
        }
        Death last = deaths.last(slot);
        caller.reply(ExitCode.DONE, last == null ? text : text + "\nlast death: " + last.sentence());
    }
}
