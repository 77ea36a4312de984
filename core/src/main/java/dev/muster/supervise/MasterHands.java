package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.board.BoardException;
import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Mark;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.os.ProcFs;
import dev.muster.scan.Declaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Performs what the supervisor has decided: spawns, signals, takes evidence, buries, and keeps the record.
///
/// **Threads:** belongs to the master's loop; whatever can block is handed to a thread of its own.
final class MasterHands implements MasterLoop.Hands {
    /// Looks with the same beat before /proc is asked whether the process is stopped; a healthy child shows two.
    private static final int SUSPICIOUS = 6;

    private static final int TASK_TEXT = 500;

    private final MasterLoop loop;
    private final Roster roster;
    private final Workers workers;
    private final Generations generations;
    private final Spawning spawning;
    private final Reaper reaper;
    private final EvidenceDesk evidence;
    private final Estate estate;
    private final DeathLog deaths;
    private final ReloadDesk reloads;
    private final ListenerDesk listeners;
    private final Measuring measuring;
    private final LogPump pump;
    private final LogFiles log;

    MasterHands(
            MasterLoop loop,
            Roster roster,
            Workers workers,
            Generations generations,
            Spawning spawning,
            Reaper reaper,
            EvidenceDesk evidence,
            Estate estate,
            DeathLog deaths,
            ReloadDesk reloads,
            ListenerDesk listeners,
            Measuring measuring,
            LogPump pump,
            LogFiles log) {
        this.loop = loop;
        this.roster = roster;
        this.workers = workers;
        this.generations = generations;
        this.spawning = spawning;
        this.reaper = reaper;
        this.evidence = evidence;
        this.estate = estate;
        this.deaths = deaths;
        this.reloads = reloads;
        this.listeners = listeners;
        this.measuring = measuring;
        this.pump = pump;
        this.log = log;
    }

    @Override
    public void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn e -> spawn(e);
            case Effect.Activate e -> activate(e);
            case Effect.SendPause e -> send(e.life(), new Message.Pause());
            case Effect.SendStop e -> send(e.life(), new Message.Stop());
            case Effect.Terminate e -> reaper.terminate(e.pid());
            case Effect.Kill e -> kill(e);
            case Effect.TakeEvidence e -> takeEvidence(e);
            case Effect.Inspect e -> inspect(e.life());
            case Effect.Bury e -> bury(e);
            case Effect.StopBegun _ -> listeners.stopping();
            case Effect.ReloadEnded e -> reloads.ended(e);
            case Effect.Tell e -> tell(e.level(), roster.place(e.slot()).name() + " " + e.text());
            case Effect.Leave e -> tell(e.code() == ExitCode.DONE ? Effect.Level.INFO : Effect.Level.ALARM, e.why());
        }
    }

    private void spawn(Effect.Spawn order) {
        Generation generation = generations.get(order.generation());
        Roster.Place place = roster.place(order.slot()).of(generation);
        String token = Tokens.next();
        try {
            WorkerHandle _ = workers.expect(order.life(), place, generation, token);
        } catch (BoardException | IllegalStateException e) {
            loop.post(new Event.SpawnFailed(System.nanoTime(), order.life(), String.valueOf(e.getMessage())));
            return;
        }
        spawning.spawn(generation, place, order.life(), token);
    }

    private void send(int life, Message message) {
        WorkerHandle worker = workers.find(life);
        if (worker != null) {
            worker.send(message);
        }
    }

    private void kill(Effect.Kill order) {
        WorkerHandle worker = workers.find(order.life());
        if (worker != null) {
            worker.killed(System.nanoTime());
        }
        reaper.kill(order.pid());
    }

    private void activate(Effect.Activate order) {
        WorkerHandle worker = workers.find(order.life());
        if (worker != null) {
            Roster.Place place = roster.place(order.slot()).of(worker.generation());
            worker.move(place);
            worker.send(new Message.Activate(order.slot(), place.name()));
            pump.rename(worker.bornIn(), worker.life(), place.name());
        }
    }

    private void inspect(int life) {
        WorkerHandle worker = workers.find(life);
        if (worker != null) {
            loop.post(observe(worker));
        }
    }

    private void takeEvidence(Effect.TakeEvidence order) {
        WorkerHandle worker = workers.find(order.life());
        if (worker == null) {
            return;
        }
        // From here on it starts nothing new: whatever it finishes meanwhile is stored, and no other task is hit.
        worker.board().condemn();
        evidence.take(
                worker,
                order,
                working(worker.board(), order.why().guilty()),
                path -> loop.execute(() -> {
                    worker.evidence(path);
                    loop.post(new Event.EvidenceTaken(System.nanoTime(), order.life()));
                }));
    }

    @Override
    public List<Event> look(SupervisorState state) {
        List<Event> seen = new ArrayList<>();
        for (WorkerHandle worker : workers.all()) {
            if (worker.pid() != 0) {
                seen.add(observe(worker));
            }
        }
        return seen;
    }

    private Event.Observed observe(WorkerHandle worker) {
        BoardSlot board = worker.board();
        long beat = board.beats();
        boolean halted = worker.look(beat) >= SUSPICIOUS && halted(worker.pid());
        Optional<BoardSlot.Deadline> deadline = board.earliestDeadline() == 0 ? Optional.empty() : board.deadline();
        return new Event.Observed(
                System.nanoTime(),
                worker.life(),
                beat,
                deadline.map(BoardSlot.Deadline::nanos).orElse(0L),
                deadline.map(BoardSlot.Deadline::id).orElse(""),
                halted,
                board.probeSince(),
                board.unitsDone(),
                board.timely(System.nanoTime()));
    }

    private static boolean halted(long pid) {
        return ProcFs.stat(pid)
                .map(stat -> stat.state() == 'T' || stat.state() == 't')
                .orElse(false);
    }

    private void bury(Effect.Bury end) {
        listeners.ended(roster.place(end.slot()), end);
        WorkerHandle worker = workers.find(end.life());
        if (worker == null) {
            // It could not even be given a part of the board.
            Death death = death(end, "", "");
            deaths.add(death);
            tell(Effect.Level.WARN, roster.place(end.slot()).name() + " " + death.sentence());
            return;
        }
        BoardSlot board = worker.board();
        String incarnation = board.incarnation();
        String task = working(board, end.guilty());
        Death death = evidence.explain(death(end, task, worker.evidence()), worker, end.lastWords());
        deaths.add(death);
        tell(
                WorkerFailure.is(end.reason()) ? Effect.Level.WARN : Effect.Level.INFO,
                roster.place(end.slot()).name() + " (pid " + end.pid() + ") " + death.sentence());
        unread(roster.place(end.slot()).name() + " (pid " + end.pid() + ")", board.backlog());
        List<WorkerHandle> living = workers.working(loop.state());
        estate.gone(end.life(), living);
        if (!incarnation.isEmpty() && worker.place().declaration() instanceof Declaration.Workers declared) {
            // One that was never told to work has claimed nothing. One that left in order may still hold claims
            // whose answer was lost.
            if (!board.marks().isEmpty() || (end.activated() && !worker.hasReleasedAll())) {
                estate.announce(dead(end, declared, incarnation, worker, death), living);
            }
            if (declared.role() == Role.POOL && end.activated() && !end.lastWords()) {
                String text = board.text();
                @Nullable String own = text != null ? text : task.isEmpty() ? null : task;
                estate.announceExiting(declared.name(), incarnation, end.reason(), own, living);
            }
        }
        measuring.forget(end.life());
        workers.forget(worker);
        generations.prune(loop.state());
    }

    /// A process that ends in order has told the number itself, and left none.
    private void unread(String who, int backlog) {
        if (backlog > 0) {
            tell(
                    Effect.Level.WARN,
                    who + " ended with " + backlog + " messages or immediate tasks that it had accepted and not begun;"
                            + " the messages are lost, and who submitted a task is told");
        }
    }

    private Death death(Effect.Bury end, String task, String dump) {
        return new Death(
                end.slot(),
                roster.place(end.slot()).name(),
                end.pid(),
                end.reason(),
                end.kind(),
                end.code(),
                end.signal(),
                end.uptimeNanos() / 1_000_000,
                task,
                end.detail(),
                System.currentTimeMillis(),
                dump);
    }

    private static DeadWorker dead(
            Effect.Bury end, Declaration.Workers declared, String incarnation, WorkerHandle worker, Death death) {
        String reason = end.reason()
                + (end.kind().isEmpty() ? "" : " " + end.kind())
                + (end.signal() != 0 ? " signal " + end.signal() : " code " + end.code())
                + (end.detail().isEmpty() ? "" : ": " + end.detail());
        return new DeadWorker(
                incarnation,
                declared.queue(),
                end.verdict(),
                end.guilty().isEmpty() ? "" : guilty(worker, end.guilty()),
                Estate.started(worker.board()),
                true,
                reason.length() > TASK_TEXT ? reason.substring(0, TASK_TEXT) : reason,
                death.dump());
    }

    /// The task for which a process was condemned, and those that were over their limits, too, when it was killed.
    private static String guilty(WorkerHandle worker, String first) {
        StringJoiner guilty = new StringJoiner(" ").add(first);
        for (Mark mark : worker.board().marks()) {
            boolean over = mark.deadlineNanos() != 0 && mark.deadlineNanos() - worker.killedAt() <= 0;
            if (over && !mark.finished() && !mark.id().equals(first)) {
                guilty.add(mark.id());
            }
        }
        return guilty.toString();
    }

    /// What a process is working on, for people: the task that is to blame, else its first started mark, or what
    /// its code said.
    static String working(BoardSlot board, String guilty) {
        String first = "";
        for (Mark mark : board.marks()) {
            if (!mark.finished() && (first.isEmpty() || mark.id().equals(guilty))) {
                first = mark.id().isEmpty() ? mark.label() : mark.id() + " " + mark.label();
            }
        }
        if (!first.isEmpty()) {
            return first;
        }
        String text = board.text();
        return text == null ? "" : text.length() > TASK_TEXT ? text.substring(0, TASK_TEXT) : text;
    }

    void tell(Effect.Level level, String text) {
        log.master(
                switch (level) {
                    case INFO -> "INFO";
                    case WARN -> "WARN";
                    case ALARM -> "ERROR";
                },
                text);
    }

    @Override
    public void failed(Object what, Throwable why) {
        try {
            StackTraceElement[] stack = why.getStackTrace();
            tell(
                    Effect.Level.ALARM,
                    "internal error at " + what + ": " + why + (stack.length == 0 ? "" : " at " + stack[0])
                            + "; supervision goes on");
        } catch (OutOfMemoryError _) {
            // There is no room even for this line; the children need the loop more.
        }
    }
}
