package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Mark;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.os.ProcFs;
import dev.muster.scan.Declaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Performs what the supervisor has decided: spawns, signals, takes evidence, buries, and keeps the record.
///
/// **Threads:** belongs to the master's loop; whatever can block is handed to a thread of its own.
final class MasterHands implements MasterLoop.Hands {
    /// Looks with the same beat before /proc is asked whether the process is stopped; a healthy child shows two.
    private static final int SUSPICIOUS = 6;

    private static final int TASK_TEXT = 500;

    private final MasterLoop loop;
    private final List<WorkerHandle> workers;
    private final Spawning spawning;
    private final Reaper reaper;
    private final EvidenceDesk evidence;
    private final Estate estate;
    private final DeathLog deaths;
    private final LogFiles log;

    MasterHands(
            MasterLoop loop,
            List<WorkerHandle> workers,
            Spawning spawning,
            Reaper reaper,
            EvidenceDesk evidence,
            Estate estate,
            DeathLog deaths,
            LogFiles log) {
        this.loop = loop;
        this.workers = List.copyOf(workers);
        this.spawning = spawning;
        this.reaper = reaper;
        this.evidence = evidence;
        this.estate = estate;
        this.deaths = deaths;
        this.log = log;
    }

    @Override
    public void perform(Effect effect) {
        switch (effect) {
            case Effect.Spawn e -> spawn(workers.get(e.slot()), e.life());
            case Effect.SendStop e -> workers.get(e.slot()).send(new Message.Stop());
            case Effect.Terminate e -> reaper.terminate(e.pid());
            case Effect.Kill e -> reaper.kill(e.pid());
            case Effect.TakeEvidence e -> takeEvidence(workers.get(e.slot()), e);
            case Effect.Inspect e -> loop.post(observe(workers.get(e.slot()), e.life()));
            case Effect.Bury e -> bury(workers.get(e.slot()), e);
            case Effect.Tell e -> tell(e.level(), workers.get(e.slot()).place().name() + " " + e.text());
            case Effect.Leave e -> tell(e.exitCode() == 0 ? Effect.Level.INFO : Effect.Level.ALARM, e.why());
        }
    }

    private void spawn(WorkerHandle worker, int life) {
        String token = Tokens.next();
        worker.expect(life, token);
        spawning.spawn(worker.place(), life, token);
    }

    private void takeEvidence(WorkerHandle worker, Effect.TakeEvidence order) {
        // From here on it starts nothing new: whatever it finishes meanwhile is stored, and no other task is hit.
        worker.board().condemn();
        String working = working(worker.board());
        evidence.take(
                worker,
                order,
                working,
                path -> loop.execute(() -> {
                    if (worker.life() == order.life()) {
                        worker.evidence(path);
                        loop.post(new Event.EvidenceTaken(System.nanoTime(), order.slot(), order.life()));
                    }
                }));
    }

    @Override
    public List<Event> look(SupervisorState state) {
        List<Event> seen = new ArrayList<>(workers.size());
        for (WorkerHandle worker : workers) {
            Slot slot = state.slots().get(worker.slot());
            if (slot.state().live() && worker.pid() != 0) {
                seen.add(observe(worker, worker.life()));
            }
        }
        return seen;
    }

    private Event.Observed observe(WorkerHandle worker, int life) {
        BoardSlot board = worker.board();
        long beat = board.beats();
        boolean halted = worker.look(beat) >= SUSPICIOUS && halted(worker.pid());
        Optional<BoardSlot.Deadline> deadline = board.earliestDeadline() == 0 ? Optional.empty() : board.deadline();
        return new Event.Observed(
                System.nanoTime(),
                worker.slot(),
                life,
                beat,
                deadline.map(BoardSlot.Deadline::nanos).orElse(0L),
                deadline.map(BoardSlot.Deadline::id).orElse(""),
                halted);
    }

    private static boolean halted(long pid) {
        return ProcFs.stat(pid)
                .map(stat -> stat.state() == 'T' || stat.state() == 't')
                .orElse(false);
    }

    private void bury(WorkerHandle worker, Effect.Bury end) {
        BoardSlot board = worker.board();
        String incarnation = board.incarnation();
        String task = working(board);
        Death death = new Death(
                end.slot(),
                worker.place().name(),
                end.pid(),
                end.reason(),
                end.kind(),
                end.code(),
                end.signal(),
                end.uptimeNanos() / 1_000_000,
                task,
                end.detail(),
                System.currentTimeMillis(),
                worker.evidence());
        deaths.add(death);
        boolean ordinary = end.reason() == ExitReason.REQUESTED
                || end.reason() == ExitReason.CLEAN
                || end.reason() == ExitReason.RECYCLE;
        tell(
                ordinary ? Effect.Level.INFO : Effect.Level.WARN,
                worker.place().name() + " (pid " + end.pid() + ") " + death.sentence());
        worker.gone();
        if (!incarnation.isEmpty() && worker.place().declaration() instanceof Declaration.Workers declared) {
            List<WorkerHandle> living = active();
            // One that was never ready has claimed nothing, and one that has taken its leave with nothing in its hands
            // has given everything back itself.
            boolean leftInOrder = end.lastWords() && end.signal() == 0;
            if (!board.marks().isEmpty() || (end.wasReady() && !leftInOrder)) {
                estate.announce(dead(end, declared, incarnation, board, death), living);
            }
            if (declared.role() == Role.POOL && !end.lastWords()) {
                String text = board.text();
                @Nullable String own = text != null ? text : task.isEmpty() ? null : task;
                estate.announceExiting(declared.name(), incarnation, end.reason(), own, living);
            }
        }
    }

    private static DeadWorker dead(
            Effect.Bury end, Declaration.Workers declared, String incarnation, BoardSlot board, Death death) {
        String reason = end.reason()
                + (end.kind().isEmpty() ? "" : " " + end.kind())
                + (end.signal() != 0 ? " signal " + end.signal() : " code " + end.code())
                + (end.detail().isEmpty() ? "" : ": " + end.detail());
        return new DeadWorker(
                incarnation,
                declared.queue(),
                end.verdict(),
                end.guilty(),
                Estate.started(board),
                true,
                reason.length() > TASK_TEXT ? reason.substring(0, TASK_TEXT) : reason,
                death.dump());
    }

    private List<WorkerHandle> active() {
        List<WorkerHandle> active = new ArrayList<>();
        for (Slot slot : loop.state().slots()) {
            if (slot.state().active()) {
                active.add(workers.get(slot.number()));
            }
        }
        return active;
    }

    /// What a process is working on, for people: its first started mark, or what its code said.
    static String working(BoardSlot board) {
        for (Mark mark : board.marks()) {
            if (!mark.finished()) {
                return mark.id().isEmpty() ? mark.label() : mark.id() + " " + mark.label();
            }
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
    public void failed(Object what, RuntimeException why) {
        StackTraceElement[] stack = why.getStackTrace();
        tell(
                Effect.Level.ALARM,
                "internal error at " + what + ": " + why + (stack.length == 0 ? "" : " at " + stack[0])
                        + "; supervision goes on");
    }
}
