package dev.muster.supervise;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.observe.ReportJson;
import dev.muster.observe.SlotRow;
import dev.muster.os.ProcFs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The verbs of the command line. Each is answered when it has come true, or when it is clear that it will not.
///
/// **Threads:** belongs to the master's loop.
final class CommandDesk {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NO_PERMISSION = 4;
    private static final int TIMED_OUT = 6;
    private static final int VERSION_MISMATCH = 7;
    private static final long KILL_PATIENCE = 20_000_000_000L;

    private final MasterLoop loop;
    private final Roster roster;
    private final List<WorkerHandle> workers;
    private final DeathLog deaths;
    private final EvidenceDesk evidence;
    private final HealthDesk health;
    private final long user;

    CommandDesk(
            MasterLoop loop,
            Roster roster,
            List<WorkerHandle> workers,
            DeathLog deaths,
            EvidenceDesk evidence,
            HealthDesk health,
            long user) {
        this.loop = loop;
        this.roster = roster;
        this.workers = List.copyOf(workers);
        this.deaths = deaths;
        this.evidence = evidence;
        this.health = health;
        this.user = user;
    }

    void perform(Connection from, Message.Command command) {
        if (from.uid() != 0 && from.uid() != user) {
            reply(from, NO_PERMISSION, "user " + from.uid() + " may not command the processes of user " + user);
        } else if (command.version() != Message.PROTOCOL_VERSION) {
            reply(
                    from,
                    VERSION_MISMATCH,
                    "this command line speaks version " + command.version() + ", the application version "
                            + Message.PROTOCOL_VERSION + "; use the command line of the application");
        } else {
            verb(from, command.verb(), command.options());
        }
    }

    private void verb(Connection from, String verb, Map<String, String> options) {
        switch (verb) {
            case "ps" -> reply(from, DONE, ReportJson.ps(rows()));
            case "health" -> reply(from, DONE, health.json(loop.state()));
            case "deaths" -> deaths(from, options.get("slot"));
            case "ready" -> ready(from);
            case "stop" -> stop(from, options);
            case "kill" -> one(from, options, this::kill);
            case "restart" -> one(from, options, this::restart);
            case "dump" -> one(from, options, this::dump);
            default -> reply(from, USAGE, "unknown verb '" + verb + "'");
        }
    }

    private interface OnSlot {
        void perform(Connection from, int slot);
    }

    private void one(Connection from, Map<String, String> options, OnSlot action) {
        String word = options.getOrDefault("slot", "");
        List<Integer> found = roster.find(word);
        if (found.size() == 1) {
            action.perform(from, found.getFirst());
        } else if (found.isEmpty()) {
            reply(from, FAILED, "there is no slot '" + word + "'; slots are: " + roster.names());
        } else {
            StringBuilder names = new StringBuilder();
            found.forEach(slot -> names.append(' ').append(roster.place(slot).name()));
            reply(from, FAILED, "'" + word + "' means " + found.size() + " slots; name one of:" + names);
        }
    }

    private void deaths(Connection from, @Nullable String word) {
        if (word == null) {
            reply(from, DONE, ReportJson.deaths(deaths.all()));
            return;
        }
        List<Integer> found = roster.find(word);
        if (found.isEmpty()) {
            reply(from, FAILED, "there is no slot '" + word + "'; slots are: " + roster.names());
            return;
        }
        List<Death> chosen = new ArrayList<>();
        for (Death death : deaths.all()) {
            if (found.contains(death.slot())) {
                chosen.add(death);
            }
        }
        reply(from, DONE, ReportJson.deaths(chosen));
    }

    /// True when every slot that is to be filled was ready, or has shown that it will not be soon. While nothing at
    /// all was ready, failed boots may still end the application, and that is not over yet.
    private void ready(Connection from) {
        loop.await(CommandDesk::settled, loop.state().limits().boot() * 2, up -> {
            if (!up && loop.state().phase() == SupervisorState.Phase.ENDED) {
                // The exit code of the master is the answer.
                from.close();
            } else {
                reply(from, up ? DONE : TIMED_OUT, up ? "ready" : "not every slot is ready");
            }
        });
    }

    private static boolean settled(SupervisorState state) {
        boolean empty = true;
        for (Slot slot : state.slots()) {
            boolean stopped = slot.state() == SlotState.STOPPED;
            if (slot.life().readyAt() == 0 && !stopped && slot.history().failures() == 0) {
                return false;
            }
            empty &= stopped;
        }
        return empty || state.everReady();
    }

    private void stop(Connection from, Map<String, String> options) {
        if (options.containsKey("slot")) {
            one(from, options, this::stopSlot);
            return;
        }
        boolean now = options.getOrDefault("now", "false").equals("true");
        loop.await(
                state -> state.phase() == SupervisorState.Phase.ENDED,
                Long.MAX_VALUE / 2,
                _ -> reply(from, DONE, "stopped"));
        loop.post(new Event.StopAll(System.nanoTime(), now));
    }

    private void stopSlot(Connection from, int slot) {
        loop.post(new Event.StopSlot(System.nanoTime(), slot));
        loop.await(
                state -> state.slots().get(slot).state() == SlotState.STOPPED,
                loop.state().limits().stop() + KILL_PATIENCE,
                down -> reply(from, down ? DONE : TIMED_OUT, name(slot) + (down ? " stopped" : " does not stop")));
    }

    private void kill(Connection from, int slot) {
        Slot before = loop.state().slots().get(slot);
        int life = before.life().number();
        long pid = workers.get(slot).pid();
        if (!before.state().live() || pid == 0) {
            reply(from, FAILED, "no process lives in " + name(slot) + " (" + before.state() + ")");
            return;
        }
        loop.post(new Event.KillSlot(System.nanoTime(), slot));
        loop.await(
                state -> {
                    Slot now = state.slots().get(slot);
                    return now.life().number() != life || !now.state().live();
                },
                KILL_PATIENCE,
                dead -> reply(
                        from,
                        dead ? DONE : TIMED_OUT,
                        dead
                                ? "killed " + name(slot) + " (pid " + pid + ")"
                                : name(slot) + " (pid " + pid + ") does not die: the kernel holds it"));
    }

    private void restart(Connection from, int slot) {
        Slot before = loop.state().slots().get(slot);
        int life = before.life().number();
        Limits limits = loop.state().limits();
        loop.post(new Event.RestartSlot(System.nanoTime(), slot));
        loop.await(
                state -> {
                    Slot now = state.slots().get(slot);
                    boolean tried = now.life().number() > life;
                    return tried
                            && (now.state() == SlotState.RUNNING || !now.state().live());
                },
                limits.drain() + limits.term() + limits.boot() + KILL_PATIENCE,
                over -> restarted(from, slot, over));
    }

    private void restarted(Connection from, int slot, boolean over) {
        SlotState now = loop.state().slots().get(slot).state();
        if (!over) {
            reply(from, TIMED_OUT, name(slot) + " is not ready yet (" + now + ")");
        } else if (now == SlotState.RUNNING) {
            reply(
                    from,
                    DONE,
                    "restarted " + name(slot) + " (pid " + workers.get(slot).pid() + ")");
        } else {
            Death last = deaths.last(slot);
            reply(from, FAILED, name(slot) + " did not come up: " + (last == null ? now.name() : last.sentence()));
        }
    }

    private void dump(Connection from, int slot) {
        WorkerHandle worker = workers.get(slot);
        if (worker.pid() == 0) {
            reply(from, FAILED, "no process lives in " + name(slot));
            return;
        }
        evidence.dump(worker, (path, answered) -> {
            if (!answered) {
                from.send(new Message.Progress(name(slot) + " cannot answer; this is the evidence from the system"));
            }
            reply(from, DONE, path);
        });
    }

    private String name(int slot) {
        return roster.place(slot).name();
    }

    /// The rows of `ps`.
    List<SlotRow> rows() {
        List<SlotRow> rows = new ArrayList<>();
        for (WorkerHandle worker : workers) {
            Slot slot = loop.state().slots().get(worker.slot());
            boolean live = slot.state().live();
            long pid = live ? worker.pid() : 0;
            rows.add(new SlotRow(
                    worker.slot(),
                    slot.spec().role(),
                    worker.place().name(),
                    pid,
                    1,
                    slot.state().name(),
                    live ? (System.nanoTime() - slot.life().spawnedAt()) / 1_000_000 : 0,
                    slot.history().restarts(),
                    pid == 0 ? 0 : ProcFs.stat(pid).map(stat -> stat.rssBytes()).orElse(0L),
                    live ? MasterHands.working(worker.board()) : "",
                    live ? worker.board().unitsDone() : 0,
                    live ? worker.board().unitsFailed() : 0,
                    deaths.last(worker.slot())));
        }
        return rows;
    }

    private static void reply(Connection to, int exitCode, String body) {
        to.send(new Message.Reply(exitCode, body));
        to.close();
    }
}
