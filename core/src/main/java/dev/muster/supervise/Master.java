package dev.muster.supervise;

import dev.muster.board.Board;
import dev.muster.board.BoardException;
import dev.muster.board.BoardFile;
import dev.muster.board.BoardSlot;
import dev.muster.config.Settings;
import dev.muster.control.ControlServer;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.observe.DeathLog;
import dev.muster.observe.ReportJson;
import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.MemoryTrim;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcessTitle;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The master: wires the loop, the helper threads and the shared things, runs until everything has ended, and tidies
/// up.
///
/// It runs no user code, opens no database and speaks no protocol but its own.
///
/// **Threads:** [#run] blocks the calling thread, which becomes the loop. Helpers (spawner, reaper, log pump, log
/// writer, control, evidence) only turn what blocks into events.
public final class Master {
    private final Settings settings;
    private final ProcessMap map;
    private final String main;
    private final List<String> arguments;
    private final Roster roster;
    /// Read before the title is set, which overwrites it.
    private final List<String> commandLine =
            ProcFs.cmdline(ProcessHandle.current().pid());

    private Master(Settings settings, ProcessMap map, String main, List<String> arguments) {
        this.settings = settings;
        this.map = map;
        this.main = main;
        this.arguments = arguments;
        roster = Roster.of(map.processes());
    }

    /// Runs an application until it has ended.
    ///
    /// @param settings the effective configuration
    /// @param map the declarations with the configuration applied, in the order of their slots
    /// @param main the class with `main`, run again in each child
    /// @param arguments the arguments of `main`
    /// @return the exit code of the master
    /// @throws StartException if the application cannot be started
    public static int run(Settings settings, ProcessMap map, String main, List<String> arguments) {
        return new Master(settings, map, main, arguments).run();
    }

    private int run() {
        ProcessTitle.set("java_master:" + settings.appName());
        RunDirectory.makePrivate(settings.dataDir());
        RunDirectory.makePrivate(settings.logDir());
        try (RunDirectory directory = RunDirectory.open(settings.runDir())) {
            RunDirectory.makePrivate(directory.dumps());
            directory.write(RunDirectory.CONFIGURATION, ReportJson.flat(settings.effective()));
            directory.write(RunDirectory.PROCESS_MAP, ProcessMapJson.write(map));
            boolean foreground = !Boolean.getBoolean("muster.background");
            try (LogFiles log = new LogFiles(
                    settings.logDir(),
                    settings.appName(),
                    settings.bytes("log.maxSize"),
                    settings.number("log.keep"),
                    foreground ? Master::echo : null)) {
                log.start();
                return withLog(directory, log);
            }
        }
    }

    private static void echo(byte[] lines) {
        System.err.write(lines, 0, lines.length);
        System.err.flush();
    }

    private int withLog(RunDirectory directory, LogFiles log) {
        log.master(
                "INFO",
                "found " + map.processes().size() + " processes and "
                        + map.tasks().size() + " tasks in " + main);
        log.master("INFO", "wrote the process map to " + directory.path().resolve(RunDirectory.PROCESS_MAP));
        map.warnings().forEach(warning -> log.master("WARN", warning));
        Leftovers leftovers = new Leftovers(directory.children());
        for (Identity killed : leftovers.end()) {
            log.master("WARN", "killed process " + killed.pid() + ", left over from an earlier master");
        }
        Path file = BoardFile.place(directory.path());
        List<DeadWorker> dead = deadOf(file, log);
        try (Board board = Board.create(file, Math.max(1, roster.size()), Identity.self())) {
            Estate estate = new Estate(board);
            estate.inherit(dead);
            try {
                return withBoard(directory, log, leftovers, board, estate);
            } finally {
                // What nobody has given back yet is the next start's to give back: its board keeps it.
                if (!estate.owing()) {
                    board.delete();
                }
            }
        } catch (BoardException e) {
            throw new StartException(73, String.valueOf(e.getMessage()));
        }
    }

    /// What an earlier master left on its board: the workers that died with it, and those nobody had dealt with
    /// yet.
    private static List<DeadWorker> deadOf(Path file, LogFiles log) {
        List<DeadWorker> dead = new ArrayList<>();
        if (Files.exists(file)) {
            try (Board old = Board.attach(file)) {
                dead.addAll(Estate.written(old));
                for (int i = 0; i < old.slots(); i++) {
                    BoardSlot slot = old.slot(i);
                    if (!slot.incarnation().isEmpty()) {
                        dead.add(lost(slot));
                    }
                }
                log.master(
                        "WARN",
                        "an earlier master ended without a stop; " + dead.size()
                                + " workers may have left work behind, which is given back now");
            } catch (BoardException e) {
                log.master(
                        "WARN",
                        "the board of an earlier master cannot be read (" + e.getMessage()
                                + "); what its workers had started is unknown");
            }
        }
        dead.add(new DeadWorker(
                DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "its worker was gone at the start", ""));
        return dead;
    }

    private static DeadWorker lost(BoardSlot slot) {
        return new DeadWorker(
                slot.incarnation(),
                "",
                Verdict.CRASH,
                "",
                Estate.started(slot),
                true,
                "MASTER_LOST: died with its master",
                "");
    }

    private int withBoard(RunDirectory directory, LogFiles log, Leftovers leftovers, Board board, Estate estate) {
        int processors = Runtime.getRuntime().availableProcessors();
        SupervisorState beginning = SupervisorState.of(
                limits(), roster.specs(), processors, new SecureRandom().nextLong(), System.nanoTime());
        TraceFile trace = trace(beginning, processors);
        MasterLoop loop = new MasterLoop(beginning, trace);
        List<WorkerHandle> workers = new ArrayList<>();
        for (Roster.Place place : roster.places()) {
            workers.add(new WorkerHandle(place, board.slot(place.spec().slot())));
        }
        DeathLog deaths = new DeathLog();
        LogPump pump = new LogPump(log);
        EvidenceDesk evidence = new EvidenceDesk(loop, pump, directory.dumps());
        HealthDesk health = new HealthDesk(settings.appName(), beginning);
        ChildDesk children = new ChildDesk(loop, workers, estate, health, settings.effective(), map.tasks());
        CommandDesk commands = new CommandDesk(loop, roster, workers, deaths, evidence, health, user(directory.path()));
        SystemdLink systemd =
                SystemdLink.of(System.getenv(), ProcessHandle.current().pid(), text -> log.master("WARN", text));
        loop.afterTurn(state -> {
            health.observe(state);
            if (systemd != null) {
                systemd.turn(System.nanoTime(), state, health.health(), health.settled(state));
            }
        });
        Reaper reaper = new Reaper((slot, life, pid, status) -> {
            // What the dead has printed comes first: it may say why it died.
            CompletableFuture<Void> _ = pump.ended(slot, life)
                    .thenRun(() -> loop.execute(() -> {
                        forget(leftovers, pid);
                        ended(loop, workers.get(slot), life, status, pump.outOfMemory(slot, life));
                    }));
        });
        ChildCommand command = new ChildCommand(settings, directory.path(), board.file(), commandLine, main, arguments);
        Spawning spawning = new Spawning(
                command,
                pump,
                reaper,
                leftovers,
                event -> loop.execute(() -> {
                    if (event instanceof Event.Spawned spawned) {
                        log.master(
                                "INFO",
                                "start process: " + roster.place(spawned.slot()).name() + " (pid " + spawned.pid()
                                        + ")");
                        children.spawned(spawned);
                    } else {
                        loop.post(event);
                    }
                }));
        MasterHands hands = new MasterHands(loop, workers, spawning, reaper, evidence, estate, deaths, log);
        new MasterSignals(loop, log, wishes(workers, reaper, health, commands, log)).install();
        pump.start();
        reaper.start();
        spawning.start();
        ControlServer server = open(new ControlDesk(loop, children, commands));
        try {
            log.master("INFO", "starting " + roster.size() + " processes; run directory " + directory.path());
            loop.post(new Event.Started(System.nanoTime()));
            loop.execute(Master::settle);
            return loop.run(hands).exitCode();
        } finally {
            close(server, log);
            if (trace != null) {
                trace.close();
            }
            if (systemd != null) {
                systemd.close();
            }
            evidence.close();
            reaper.close();
            pump.close();
            log.flush(Duration.ofSeconds(2));
        }
    }

    private static MasterSignals.Wishes wishes(
            List<WorkerHandle> workers, Reaper reaper, HealthDesk health, CommandDesk commands, LogFiles log) {
        return new MasterSignals.Wishes() {
            @Override
            public void killAll() {
                workers.forEach(worker -> reaper.kill(worker.pid()));
            }

            @Override
            public void scale(int step) {
                log.master(
                        "WARN",
                        (step > 0 ? "SIGTTIN" : "SIGTTOU")
                                + ": the number of task workers cannot be changed while the application runs; set"
                                + " tasks.workers and start anew");
            }

            @Override
            public List<String> status() {
                return StatusLines.of(health.health(), commands.rows());
            }
        };
    }

    private static void ended(MasterLoop loop, WorkerHandle worker, int life, ExitStatus status, boolean outOfMemory) {
        if (worker.life() == life) {
            loop.post(new Event.Exited(
                    System.nanoTime(),
                    worker.slot(),
                    life,
                    status.code(),
                    status.signal(),
                    worker.board().unitsDone(),
                    outOfMemory));
        }
    }

    private static void forget(Leftovers leftovers, long pid) {
        try {
            leftovers.reaped(pid);
        } catch (IOException _) {
            // A stale entry is harmless: it names a start time that no process has any more.
        }
    }

    private ControlServer open(ControlDesk desk) {
        try {
            Files.deleteIfExists(settings.controlSocket());
            return ControlServer.open(settings.controlSocket(), desk);
        } catch (IOException e) {
            throw new StartException(
                    73, "cannot open the control socket " + settings.controlSocket() + ": " + e.getMessage());
        }
    }

    private static void close(ControlServer server, LogFiles log) {
        try {
            server.close();
        } catch (IOException e) {
            log.master("WARN", "the control socket could not be removed: " + e.getMessage());
        }
    }

    private static long user(Path ours) {
        try {
            return ((Number) Files.getAttribute(ours, "unix:uid")).longValue();
        } catch (IOException e) {
            throw new StartException(73, "cannot read the owner of " + ours + ": " + e.getMessage());
        }
    }

    private static @Nullable TraceFile trace(SupervisorState beginning, int processors) {
        String file = System.getProperty("muster.trace", "");
        return file.isEmpty() ? null : new TraceFile(Path.of(file), beginning, processors);
    }

    private Limits limits() {
        return Limits.of(
                        Duration.ofMillis(settings.millis("limits.boot")),
                        Duration.ofMillis(settings.millis("limits.drain")),
                        Duration.ofMillis(settings.millis("limits.stop")),
                        Duration.ofMillis(settings.millis("limits.silence")))
                .withShutdownDelay(Duration.ofMillis(settings.millis("limits.shutdownDelay")));
    }

    /// What the start has used is not needed again for days: give it back to the system.
    private static void settle() {
        System.gc();
        MemoryTrim.release();
    }
}
